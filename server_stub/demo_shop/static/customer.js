/*
 * What a customer of the demo shop does around his orders, and what a real shop's systems would tell the desk of them:
 * the review page, his orders, his account, a booked meeting, the newsletter, notifications, a new article.
 * The stub of the desk's calls is shop.js's, which runs first.
 */
(() => {
  'use strict';

  const track = (name, properties) => window.desk.track(name, properties);
  const shop = document.body.dataset;
  const find = (name, within = document) => within.querySelector(`[data-${name}]`);
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const remembered = (store, key, otherwise) => {
    try { return JSON.parse(store.getItem(key)) ?? otherwise; } catch { return otherwise; }
  };
  const remember = (store, key, value) => {
    try { store.setItem(key, JSON.stringify(value)); } catch { /* forbidden: it lasts one page */ }
  };
  /** Tell what a form says, instead of sending it away. */
  const onSubmit = (page, tell) => page.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    tell(Object.fromEntries(new FormData(event.target)));
    find('done', page).hidden = false;
  });
  const ordersHere = () => remembered(localStorage, 'shop.orders', []);

  // --- A review: the score in the link counts at once, words may follow ---

  const reviewPage = page => {
    const query = new URLSearchParams(location.search);
    const orderId = (query.get('order') || '').slice(0, 100);
    const order = ordersHere().find(item => item.id === orderId);
    const told = (score, words) => {
      const ids = order ? order.products : [];
      track('Product Reviewed', {
        review_id: `review_${orderId || 'none'}`,
        order_id: orderId,
        rating: Number(score),
        ...(ids.length && { product_id: ids[0], product_ids: ids }),
        ...(words && { review_body: words }),
      });
    };
    const number = find('review-order', page);
    number.hidden = !orderId;
    number.querySelector('b').textContent = orderId;
    const score = query.get('score') || '';
    if (/^[1-5]$/.test(score)) {
      page.querySelector(`input[value="${score}"]`).checked = true;
      const key = `shop.reviewed.${orderId}`;
      if (remembered(sessionStorage, key, '') !== score) told(score);
      remember(sessionStorage, key, score);
      find('done', page).hidden = false;
    }
    onSubmit(page, fields => told(fields.score, fields.words.trim()));
  };

  // --- Orders, and what becomes of them ---

  const MOVES = {
    sent: ['Order Updated', order => ({ order_id: order.id, total: order.total, status: 'sent' })],
    cancelled: ['Order Cancelled', order => ({ order_id: order.id, total: order.total })],
    refunded: ['Order Refunded', order => ({ order_id: order.id, total: order.total })],
  };

  const ordersPage = page => {
    const words = page.dataset;
    const asked = new URLSearchParams(location.search).get('order');
    const became = { placed: words.wasPlaced, sent: words.wasSent, cancelled: words.wasCancelled, refunded: words.wasRefunded };
    const labels = { sent: words.sent, cancelled: words.cancel, refunded: words.refund };
    const next = { placed: ['sent', 'cancelled'], sent: ['refunded'], cancelled: [], refunded: [] };
    const move = (order, status) => {
      const [name, properties] = MOVES[status];
      track(name, properties(order));
      remember(localStorage, 'shop.orders', ordersHere().map(item => item.id === order.id ? { ...item, status } : item));
      draw();
    };
    const line = order => {
      const buttons = (next[order.status] || []).map(status => {
        const button = make('button', { type: 'button', textContent: labels[status], onclick: () => move(order, status) });
        button.setAttribute('aria-label', `${labels[status]}: ${order.id}`);
        return button;
      });
      const review = make('a', { href: `${shop.base}/review?order=${encodeURIComponent(order.id)}`, textContent: words.reviewWord });
      const item = make('li', {}, make('b', { textContent: order.id }), make('span', { textContent: order.sum }),
        make('span', { className: 'small', textContent: became[order.status] || '' }), make('span', { className: 'moves' }, ...buttons, review));
      if (order.id === asked) item.className = 'asked';
      return item;
    };
    const draw = () => {
      const orders = ordersHere();
      find('list-of-orders', page).replaceChildren(...orders.map(line));
      find('none', page).hidden = orders.length > 0;
    };
    draw();
  };

  // --- The account, a meeting, the back stage ---

  const accountPage = page => onSubmit(page, fields => {
    const known = Object.entries(fields).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
    window.desk.identify('', Object.fromEntries(known));
  });

  const bookingPage = page => {
    const slots = [[1, 11], [1, 17], [2, 12]].map(([days, hour]) => {
      const at = new Date();
      at.setDate(at.getDate() + days);
      at.setHours(hour, 0, 0, 0);
      return at;
    });
    const language = document.documentElement.lang;
    find('slots', page).append(...slots.map((at, index) => make('label', {},
      make('input', { type: 'radio', name: 'slot', value: at.toISOString(), required: true, checked: index === 0 }),
      at.toLocaleString(language, { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' }))));
    onSubmit(page, fields => track('Meeting Booked', { kind: 'video', starts_at: fields.slot }));
  };

  const backstagePage = page => find('publish', page).addEventListener('click', () => {
    const url = new URL(shop.base + page.dataset.link, location.href).href;
    track('Article Published', { title: page.dataset.title, url });
    find('done', page).hidden = false;
  });

  // --- At the foot of every page ---

  const newsletter = form => form.addEventListener('submit', event => {
    event.preventDefault();
    track('Subscribed', { list: 'newsletter', email: new FormData(form).get('letters') });
    find('done', form).hidden = false;
  });

  const notifications = button => {
    const allowed = () => {
      button.textContent = button.dataset.on;
      button.disabled = true;
    };
    if (remembered(localStorage, 'shop.push', false)) return void allowed();
    button.addEventListener('click', () => {
      track('Push Subscribed', {});
      remember(localStorage, 'shop.push', true);
      allowed();
    });
  };

  const starts = {
    review: reviewPage, orders: ordersPage, account: accountPage, booking: bookingPage, backstage: backstagePage,
    newsletter, push: notifications,
  };
  for (const [name, start] of Object.entries(starts)) {
    const element = find(name);
    if (element) start(element);
  }
})();
