/*
 * The demo shop's own script: the cart, and the events that a shop tells its desk, by Segment's e-commerce names.
 * Page views, scrolling and emails are the widget's business.
 */
(() => {
  'use strict';

  // The stub: calls made before the widget has loaded wait here, and are replayed in order.
  window.desk = window.desk || [];
  for (const name of ['track', 'identify', 'page', 'open', 'close', 'on', 'reset']) {
    window.desk[name] = window.desk[name] || ((...values) => window.desk.push([name, ...values]));
  }
  const track = (name, properties) => window.desk.track(name, properties);

  const shop = document.body.dataset;
  const currency = shop.currency;
  const money = sum => shop.money.replace('#', String(Math.round(sum)).replace(/\B(?=(\d{3})+$)/g, shop.group));
  const absolute = address => new URL(shop.base + address, location.href).href;
  const newId = kind => `${kind}_${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
  /** As people read it in letters: AT-4817205. */
  const newOrderNumber = () => `AT-${String(crypto.getRandomValues(new Uint32Array(1))[0] % 1e7).padStart(7, '0')}`;
  const find = (name, within = document) => within.querySelector(`[data-${name}]`);
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // --- The cart, in this browser ---

  const readCart = () => {
    try {
      const cart = JSON.parse(localStorage.getItem('shop.cart'));
      if (cart && Array.isArray(cart.lines)) return cart;
    } catch { /* forbidden or damaged: begin anew */ }
    return { id: newId('cart'), lines: [] };
  };
  const saveCart = cart => {
    try { localStorage.setItem('shop.cart', JSON.stringify(cart)); } catch { /* forbidden: the cart lasts one page */ }
    showCount(cart);
  };
  const showCount = cart => {
    const count = cart.lines.reduce((sum, line) => sum + line.quantity, 0);
    const badge = document.querySelector('.count');
    badge.hidden = !count;
    badge.textContent = count;
  };

  /** A product as Segment's events describe it. */
  const described = (product, more) => ({
    product_id: product.product_id,
    sku: product.sku,
    category: product.category,
    name: product.name,
    brand: product.brand,
    variant: product.variant,
    price: product.price,
    currency,
    url: absolute(product.url),
    image_url: absolute(product.image_url),
    ...more,
  });

  const change = (product, by) => {
    const cart = readCart();
    const line = cart.lines.find(item => item.product_id === product.product_id);
    if (line) line.quantity += by;
    else cart.lines.push({ product_id: product.product_id, quantity: by });
    cart.lines = cart.lines.filter(item => item.quantity > 0);
    saveCart(cart);
    track(by > 0 ? 'Product Added' : 'Product Removed', described(product, { cart_id: cart.id, quantity: Math.abs(by) }));
    return cart;
  };

  const sums = items => {
    const subtotal = items.reduce((sum, [product, quantity]) => sum + product.price * quantity, 0);
    const freeFrom = Number(shop.freeFrom);
    const shipping = subtotal >= freeFrom ? 0 : Number(shop.deliveryPrice);
    return { subtotal, shipping, total: subtotal + shipping, untilFree: Math.max(0, freeFrom - subtotal) };
  };

  // --- Pages ---

  const listPage = list => {
    const products = JSON.parse(list.dataset.products).map((product, index) => described(product, { position: index + 1 }));
    if (list.dataset.query) track('Products Searched', { query: list.dataset.query, results: products.length });
    if (products.length) track('Product List Viewed', { list_id: list.dataset.list, category: list.dataset.category, products });
  };

  const productPage = article => {
    const product = JSON.parse(article.dataset.product);
    track('Product Viewed', described(product, { quantity: 1, value: product.price }));
    find('add').addEventListener('click', () => {
      change(product, 1);
      find('added').hidden = false;
    });
  };

  const drawLine = (product, quantity, page, redraw) => {
    const picture = make('img', { src: absolute(product.image_url), alt: '', width: 600, height: 750 });
    const name = make('a', { href: absolute(product.url), textContent: product.name });
    if (page.dataset.page === 'checkout') return make('li', {}, picture, make('span', {}, name, ` × ${quantity}`), money(product.price * quantity));
    const button = (text, label, by) => {
      const element = make('button', { type: 'button', textContent: text, onclick: () => redraw(change(product, by)) });
      element.setAttribute('aria-label', `${label}: ${product.name}`);
      return element;
    };
    const remove = button(page.dataset.remove, page.dataset.remove, -quantity);
    remove.className = 'remove';
    return make('li', {}, picture,
      make('span', {}, name, make('span', { className: 'price' }, ` ${money(product.price)}`), remove),
      make('span', { className: 'amount' }, button('−', page.dataset.less, -1), String(quantity), button('+', page.dataset.more, 1)));
  };

  const cartPage = page => {
    const catalog = Object.fromEntries(JSON.parse(page.dataset.catalog).map(product => [product.product_id, product]));
    const itemsOf = cart => cart.lines.filter(line => catalog[line.product_id]).map(line => [catalog[line.product_id], line.quantity]);
    const productsOf = cart => itemsOf(cart).map(([product, quantity], index) => described(product, { quantity, position: index + 1 }));
    const draw = cart => {
      const items = itemsOf(cart);
      const { subtotal, shipping, total, untilFree } = sums(items);
      find('lines', page).replaceChildren(...items.map(([product, quantity]) => drawLine(product, quantity, page, draw)));
      find('subtotal', page).textContent = money(subtotal);
      find('shipping', page).textContent = shipping ? money(shipping) : page.dataset.free;
      find('total', page).textContent = money(total);
      const until = find('until', page);
      if (until) {
        until.hidden = !untilFree;
        find('until-sum', page).textContent = money(untilFree);
      }
      find('sums', page).hidden = !items.length;
      find('empty', page).hidden = Boolean(items.length);
      if (find('order', page)) find('order', page).hidden = !items.length;
    };
    const cart = readCart();
    saveCart(cart);
    draw(cart);
    if (page.dataset.page === 'cart') track('Cart Viewed', { cart_id: cart.id, products: productsOf(cart) });
    else if (itemsOf(cart).length) checkoutPage(page, cart, itemsOf(cart), productsOf(cart));
  };

  const checkoutPage = (page, cart, items, products) => {
    const { subtotal, shipping, total } = sums(items);
    const order = { order_id: newOrderNumber(), cart_id: cart.id, value: total, total, revenue: subtotal, subtotal, shipping, tax: 0, discount: 0, currency, products };
    track('Checkout Started', order);
    find('order').addEventListener('submit', event => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(event.target));
      window.desk.identify('', { name: fields.name, email: fields.email, phone: fields.phone, address: fields.address });
      track('Order Completed', order);
      try { sessionStorage.setItem('shop.order', order.order_id); } catch { /* the number is not shown, that is all */ }
      keepOrder(order);
      saveCart({ id: newId('cart'), lines: [] });
      location.assign(`${shop.base}/thanks`);
    });
  };

  /** For the page of his orders, in this browser. */
  const keepOrder = order => {
    try {
      const before = JSON.parse(localStorage.getItem('shop.orders')) || [];
      const kept = { id: order.order_id, total: order.total, sum: money(order.total), status: 'placed', products: order.products.map(item => item.product_id) };
      localStorage.setItem('shop.orders', JSON.stringify([kept, ...before].slice(0, 20)));
    } catch { /* forbidden or damaged: the page says that there is none */ }
  };

  const thanksPage = number => {
    try { number.textContent = sessionStorage.getItem('shop.order') || ''; } catch { /* as above */ }
  };

  showCount(readCart());
  for (const [name, start] of [['list', listPage], ['product', productPage], ['page', cartPage], ['order-number', thanksPage]]) {
    const element = find(name);
    if (element) start(element);
  }
})();
