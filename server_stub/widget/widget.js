/*
 * The desk's widget: what a shop's page tells the server, and what the server shows on the page.
 *
 *   <script async src="https://desk.example/widget.js" data-key="…"></script>
 *
 * One file, no framework, no build step. It speaks the "widget's socket" of server_stub/protocol.py, draws in a
 * shadow root, takes its styles from a constructable sheet (so a page may forbid inline styles), and puts foreign
 * text on the page as text nodes only. Times are milliseconds since the epoch.
 *
 * Sections: surroundings · words · sending · receiving · page · email fields · drawing · chat · pop-ups · start.
 */
(() => {
  'use strict';

  // --- Surroundings -----------------------------------------------------------------------------------------------

  const script = document.currentScript || document.querySelector('script[data-key][src*="widget.js"]');
  if (!script || (window.desk && window.desk.loaded)) return;

  const KEY = script.dataset.key || '';
  const BASE = new URL('.', script.src).href;
  const MAX_FILE_BYTES = 2 * 1024 * 1024;
  const MAX_MESSAGE_CHARS = 20000;
  const KEPT_MESSAGES = 200; // of the feed, so that a new page shows it before the server has answered
  const KEPT_FRAMES = 500;
  const FRAME_LIFE = 7 * 24 * 3600e3;
  const ORPHANED = 120e3; // a queue that no page has touched for so long belongs to a tab that was closed
  const ANSWER_LIMIT = 15e3; // a connection that leaves a frame unanswered for so long is dead

  const randomId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, '0')).join('');

  /** JSON in the browser's storage; in memory where the browser refuses. */
  const shelf = area => {
    const prefix = `desk.${KEY}.`;
    const memory = new Map();
    const box = () => {
      try { return window[area]; } catch { return null; }
    };
    return {
      get(name) {
        try { return JSON.parse(box().getItem(prefix + name) ?? memory.get(name) ?? 'null'); } catch { return null; }
      },
      set(name, value) {
        const text = JSON.stringify(value);
        memory.set(name, text);
        try { box().setItem(prefix + name, text); } catch { /* private mode or full: memory has it */ }
      },
      remove(name) {
        memory.delete(name);
        try { box().removeItem(prefix + name); } catch { /* as above */ }
      },
      names() {
        try {
          return Object.keys(box()).filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length));
        } catch { return []; }
      },
    };
  };
  const kept = shelf('localStorage'); // of the visitor, in all tabs
  const here = shelf('sessionStorage'); // of this tab, over page changes

  /** An address that may be followed: http, https, mailto, tel, or relative to `base`; else null. */
  const safeLink = (address, base = location.href) => {
    try {
      const url = new URL(String(address).trim(), base);
      return /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : null;
    } catch { return null; }
  };
  const isEmail = text =>
    text.length < 255 && /^[^\s@<>()[\],;:"\\]+@([a-z0-9\u0080-\uffff-]+\.)+[a-z\u0080-\uffff-]{2,}$/i.test(text);
  const isPhone = text => /^\+?[\d\s().-]+$/.test(text) && /^\d{5,15}$/.test(text.replace(/\D/g, ''));

  // --- Words ------------------------------------------------------------------------------------------------------

  const WORDS = {
    en: {
      title: 'Chat with us', online: 'We are online', away: 'Write to us, we will answer here', open: 'Open chat',
      close: 'Close', minimise: 'Close chat', unread: 'unread: ', write: 'Write a message…', send: 'Send',
      attach: 'Attach a file', you: 'You', team: 'Shop', bot: 'Assistant', typing: ' is typing', sending: 'Sending',
      sent: 'Sent', seen: 'Seen', refused: 'Not sent', tooBig: 'is larger than 2 MB', uploadFailed: 'could not be sent',
      ended: 'This conversation has ended. Write to begin a new one.',
      offline: 'No connection. What you write will be sent when it is back.',
      required: 'Please fill this in', choose: 'Please choose', email: 'Please check the email address',
      phone: 'Please check the phone number', number: 'Please enter a number', date: 'Please enter a date',
      emailLabel: 'Your email', phoneLabel: 'Your phone', numberLabel: 'A number', dateLabel: 'A date',
      down: 'New messages', optional: 'optional', answers: 'Answers', message: 'New message', of: 'of',
    },
    ru: {
      title: 'Напишите нам', online: 'Мы на связи', away: 'Напишите нам, ответим здесь', open: 'Открыть чат',
      close: 'Закрыть', minimise: 'Закрыть чат', unread: 'непрочитанных: ', write: 'Напишите сообщение…',
      send: 'Отправить', attach: 'Прикрепить файл', you: 'Вы', team: 'Магазин', bot: 'Помощник', typing: ' печатает',
      sending: 'Отправляется', sent: 'Отправлено', seen: 'Прочитано', refused: 'Не отправлено',
      tooBig: 'больше 2 МБ', uploadFailed: 'не удалось отправить',
      ended: 'Разговор завершён. Напишите, чтобы начать новый.',
      offline: 'Нет связи. Сообщения уйдут, когда она появится.',
      required: 'Заполните это поле', choose: 'Выберите вариант', email: 'Проверьте адрес почты',
      phone: 'Проверьте номер телефона', number: 'Введите число', date: 'Введите дату',
      emailLabel: 'Ваша почта', phoneLabel: 'Ваш телефон', numberLabel: 'Число', dateLabel: 'Дата',
      down: 'Новые сообщения', optional: 'необязательно', answers: 'Ответы', message: 'Новое сообщение', of: 'из',
    },
  };
  const pageLocale = () => document.documentElement.lang || navigator.language || 'en';
  // The page's own language wins: the chat should not speak another one than the shop around it.
  const language = () => {
    for (const locale of [document.documentElement.lang, look.locale, navigator.language]) {
      const short = String(locale || '').slice(0, 2).toLowerCase();
      if (WORDS[short]) return short;
    }
    return 'en';
  };
  const say = word => WORDS[language()][word];

  // --- State ------------------------------------------------------------------------------------------------------

  let look = here.get('look') || {}; // WidgetLook and the server's locale
  let messages = here.get('messages') || []; // sorted by seq; those not yet answered come last
  let operatorSeen = here.get('operatorSeen') || 0;
  let status = here.get('status') || 'none';
  let isOpen = Boolean(here.get('open'));
  let operatorsOnline = false;
  let drafts = here.get('drafts') || {}; // half-typed texts by name of their field
  let token = kept.get('token') || '';

  const listeners = {};
  const emit = (event, detail) => {
    for (const callback of listeners[event] || []) {
      // An error of the shop's own callback is the shop's: report it, go on.
      try { callback(detail); } catch (error) { setTimeout(() => { throw error; }); }
    }
  };

  // --- Sending: an ordered queue that outlives the page -------------------------------------------------------------

  let socket = null;
  let welcomed = false;
  let stopped = false;
  let attempts = 0;
  let reconnectTimer = 0;
  let helloAfter = 0;
  const queueName = `queue.${randomId()}`; // one a page; the next page of the tab takes it over
  let queue = [];

  const saveQueue = () => (queue.length ? kept.set(queueName, { at: Date.now(), frames: queue }) : kept.remove(queueName));

  /** Take over what the last page of this tab, or a tab that was closed, could not send. An id counts once at the
      server, so a frame taken over from a page that still lives does no harm. */
  const adoptQueues = () => {
    const previous = here.get('queue');
    for (const name of kept.names()) {
      if (!name.startsWith('queue.') || name === queueName) continue;
      const left = kept.get(name) || { at: 0, frames: [] };
      if (name !== previous && left.at > Date.now() - ORPHANED) continue;
      queue.push(...left.frames.filter(frame => (frame.at || left.at) > Date.now() - FRAME_LIFE));
      kept.remove(name);
    }
    here.set('queue', queueName);
    saveQueue();
  };

  const transmit = frame => socket && socket.readyState === 1 && socket.send(JSON.stringify(frame));

  const sendQueued = frame => {
    frame.tried = Date.now();
    const { tried, ...wire } = frame; // `tried` is ours, the server refuses unknown fields
    transmit(frame.type === 'track' ? { ...wire, sent_at: tried } : wire);
  };

  const enqueue = frame => {
    frame.id = frame.id || randomId();
    queue.push(frame);
    if (queue.length > KEPT_FRAMES) queue.splice(Math.max(0, queue.findIndex(item => item.type === 'track')), 1);
    saveQueue();
    if (welcomed) sendQueued(frame);
    return frame.id;
  };

  const settle = id => {
    const frame = queue.find(item => item.id === id);
    queue = queue.filter(item => item.id !== id);
    saveQueue();
    return frame;
  };

  const lastSeq = () => messages.reduce((seq, message) => Math.max(seq, message.seq || 0), 0);

  const connect = () => {
    clearTimeout(reconnectTimer);
    if (socket || stopped) return;
    let mine;
    try { mine = new WebSocket(`${BASE.replace(/^http/, 'ws')}v1/widget`); } catch { return void reconnectLater(); }
    socket = mine;
    mine.onopen = () => {
      helloAfter = lastSeq();
      const hello = { type: 'hello', key: KEY, token, after: helloAfter, locale: pageLocale() };
      transmit({ ...hello, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || '' });
    };
    mine.onmessage = event => {
      if (socket !== mine) return;
      let frame = null;
      try { frame = JSON.parse(event.data); } catch { return; }
      if (frame && Object.hasOwn(receive, frame.type)) receive[frame.type](frame);
    };
    mine.onclose = () => {
      if (socket !== mine) return;
      socket = null;
      welcomed = false;
      reconnectLater();
      setTimeout(drawNotice, 3000);
    };
  };

  const disconnect = () => {
    const old = socket;
    socket = null;
    welcomed = false;
    if (old) old.close();
  };

  // Exponential from half a second to half a minute; jitter, so that a restarted server is not met by all at once.
  const reconnectLater = () => {
    const limit = Math.min(30e3, 500 * 2 ** attempts++);
    clearTimeout(reconnectTimer);
    reconnectTimer = setTimeout(connect, limit / 2 + (Math.random() * limit) / 2);
  };
  const reconnectNow = () => {
    if (socket) return;
    attempts = 0;
    connect();
  };

  const watchAnswers = () => {
    if (!queue.length) return;
    saveQueue(); // keeps the queue from looking orphaned
    if (welcomed && queue.some(frame => frame.tried && frame.tried < Date.now() - ANSWER_LIMIT)) {
      for (const frame of queue) frame.tried = 0;
      disconnect();
      reconnectLater();
    }
  };

  // --- Receiving: one function a frame ------------------------------------------------------------------------------

  const visitorOf = text => text.slice(0, text.lastIndexOf('.'));

  const receive = {
    welcome(frame) {
      if (token && helloAfter && visitorOf(token) !== visitorOf(frame.token)) {
        // The server knows us as somebody else: what this tab kept is not his. Ask again for all of his.
        forgetFeed();
        token = frame.token;
        kept.set('token', token);
        disconnect();
        return connect();
      }
      token = frame.token;
      kept.set('token', token);
      look = { ...frame.look, locale: frame.locale };
      here.set('look', look);
      attempts = 0;
      welcomed = true;
      operatorsOnline = Boolean(frame.online);
      operatorSeen = Math.max(operatorSeen, frame.seen_up_to || 0);
      status = frame.dialog_status || 'none';
      for (const message of frame.messages || []) addMessage(message);
      queue.forEach(sendQueued);
      keepFeed();
      drawAll();
      tellDelivered();
      if (frame.popup) showPopup(frame.popup);
      tease();
      emit('ready', { anonymousId: visitorOf(token) });
      uploadWaiting();
    },
    message({ message }) {
      const isNew = addMessage(message);
      keepFeed();
      if (message.author.kind !== 'visitor') stopTyping();
      drawAll();
      tellDelivered();
      if (isNew && message.author.kind !== 'visitor') {
        emit('message', message);
        tease();
      }
    },
    option_taken({ message, chosen }) {
      changeMessage(message, { chosen });
    },
    options_closed({ message }) {
      changeMessage(message, { closed: true });
    },
    popup({ popup }) {
      showPopup(popup);
    },
    hide_popup({ popup }) {
      endPopup(popup);
    },
    typing({ name }) {
      showTyping(name);
    },
    operator_seen({ up_to = 0 }) {
      operatorSeen = Math.max(operatorSeen, up_to);
      here.set('operatorSeen', operatorSeen);
      drawFeed();
    },
    dialog(frame) {
      status = frame.status;
      here.set('status', status);
      drawFeed();
    },
    online({ online }) {
      operatorsOnline = Boolean(online);
      drawHeader();
    },
    ack({ id, message }) {
      const frame = settle(id);
      if (message) {
        addMessage(message);
        keepFeed();
        drawAll();
      }
      if (frame && frame.type === 'popup_outcome') endPopup(frame.popup);
    },
    refused({ id = '', problem = {} }) {
      const frame = settle(id);
      const reason = problem.detail || say('refused');
      if (frame && frame.type === 'write') changeMessage(id, { pending: false, refused: reason });
      else if (frame && frame.type === 'choose') changeMessage(frame.message, { chosen: '', closed: true });
      else if (frame && frame.type === 'popup_outcome') popupRefused(frame, reason);
      else if (!frame && !welcomed) helloRefused(problem);
      if (!id || !frame || frame.type === 'track') console.warn('desk:', problem.error || '', reason);
    },
  };

  /** A token that the server does not accept is dropped once; a wrong key will not become right by repeating. */
  const helloRefused = problem => {
    const aboutToken = /token/.test(`${problem.error} ${problem.field}`);
    disconnect();
    if (token && aboutToken) {
      forgetVisitor();
      connect();
    } else {
      stopped = /key/.test(`${problem.error} ${problem.field}`);
      attempts = Math.max(attempts, 6);
      if (!stopped) reconnectLater();
    }
  };

  const foreign = message => message.author.kind === 'operator' || message.author.kind === 'bot';

  /** Put a message into the feed, or in the place of its earlier self. True when it is new. */
  const addMessage = message => {
    if (!message || !message.id || !message.author || message.note) return false;
    const same = item => item.id === message.id || (message.client_id && item.client_id === message.client_id);
    const index = messages.findIndex(same);
    if (index >= 0) messages[index] = { ...message, closed: messages[index].closed };
    else messages.push(message);
    messages.sort((one, other) => (one.seq || Infinity) - (other.seq || Infinity) || 0);
    return index < 0;
  };

  const changeMessage = (id, changes) => {
    const message = messages.find(item => item.id === id);
    if (!message) return;
    Object.assign(message, changes);
    keepFeed();
    drawAll();
  };

  const keepFeed = () => {
    const stored = messages.filter(message => message.seq || message.pending);
    here.set('messages', stored.slice(-KEPT_MESSAGES));
    here.set('operatorSeen', operatorSeen);
    here.set('status', status);
  };

  const forgetFeed = () => {
    messages = [];
    operatorSeen = 0;
    status = 'none';
    kept.remove('seen');
    keepFeed();
  };

  const forgetVisitor = () => {
    token = '';
    kept.remove('token');
    forgetFeed();
    drafts = {};
    for (const name of ['drafts', 'email', 'teased', 'ended']) here.remove(name);
  };

  let toldDelivered = 0;
  let toldSeen = 0;
  const lastForeign = () => messages.reduce((seq, message) => (foreign(message) ? Math.max(seq, message.seq || 0) : seq), 0);

  const tellDelivered = () => {
    const upTo = lastForeign();
    if (!welcomed || upTo <= toldDelivered) return;
    toldDelivered = upTo;
    transmit({ type: 'seen', up_to: upTo, state: 'delivered' });
  };

  /** What is on an open window of a visible page, scrolled to its end, counts as seen. */
  const tellSeen = () => {
    const upTo = lastForeign();
    if (!isOpen || document.hidden || !atEnd()) return;
    if (upTo > (kept.get('seen') || 0)) kept.set('seen', upTo);
    drawLauncher();
    if (!welcomed || upTo <= toldSeen) return;
    toldSeen = upTo;
    transmit({ type: 'seen', up_to: upTo });
  };

  const unread = () => {
    const seen = kept.get('seen') || 0;
    return messages.filter(message => foreign(message) && message.seq > seen);
  };

  // --- The page: views, scroll depth, exit intent -------------------------------------------------------------------

  const track = (name, properties) => {
    enqueue({ type: 'track', name: String(name), properties: { ...properties }, at: Date.now() });
  };

  let pagePath = '';
  let pageSearch = '';
  let pageUrl = '';
  let visibleSince = 0;
  let visibleFor = 0;
  let depths = new Set();
  let exitTold = false;

  const countTime = () => {
    if (visibleSince) visibleFor += Date.now() - visibleSince;
    visibleSince = document.hidden ? 0 : Date.now();
    here.set('spent', Math.round(visibleFor / 1000));
  };

  /** Page Viewed. How long the page before was looked at travels along as `previous_seconds`. */
  const page = properties => {
    if (pageUrl) countTime();
    const spent = here.get('spent');
    const view = {
      url: location.href,
      path: location.pathname,
      title: document.title,
      referrer: pageUrl || document.referrer,
      search: location.search,
    };
    track('Page Viewed', { ...view, ...(spent === null ? {} : { previous_seconds: spent }), ...properties });
    [pageUrl, pagePath, pageSearch] = [view.url, view.path, view.search];
    depths = new Set();
    exitTold = false;
    visibleFor = 0;
    visibleSince = document.hidden ? 0 : Date.now();
    here.set('spent', 0);
    if (host && !host.isConnected) document.body.append(host); // a single-page shop has swapped its body
  };

  const where = () => ({ url: location.href, path: location.pathname });

  const watchHistory = () => {
    const changed = replaced => {
      // The title is set after the address: read it a moment later.
      setTimeout(() => {
        if (location.pathname !== pagePath || (!replaced && location.search !== pageSearch)) page();
      }, 50);
    };
    for (const name of ['pushState', 'replaceState']) {
      const original = history[name];
      history[name] = function (...values) {
        const result = original.apply(this, values);
        changed(name === 'replaceState');
        return result;
      };
    }
    addEventListener('popstate', () => changed(false));
  };

  const exitIntent = how => {
    if (exitTold) return;
    exitTold = true;
    track('Exit Intent', { ...where(), how });
  };

  const watchScroll = () => {
    const touch = matchMedia('(pointer: coarse)').matches;
    let timer = 0;
    let trail = []; // the last third of a second: [time, position]
    const measure = () => {
      timer = 0;
      const whole = document.documentElement.scrollHeight;
      const reached = ((scrollY + innerHeight + 2) / whole) * 100;
      for (const depth of [25, 50, 75, 100]) {
        if (reached < depth || depths.has(depth)) continue;
        depths.add(depth);
        track('Page Scrolled', { depth, ...where() });
      }
    };
    addEventListener('scroll', () => {
      timer = timer || setTimeout(measure, 150);
      if (!touch) return;
      const now = Date.now();
      trail = [...trail.filter(([at]) => at > now - 300), [now, scrollY]];
      if (scrollY > 100 && trail[0][1] - scrollY > innerHeight * 0.9) exitIntent('scrolled_up');
    }, { passive: true });
    document.addEventListener('visibilitychange', () => {
      countTime();
      if (touch && document.hidden) exitIntent('hidden');
      if (!document.hidden) {
        reconnectNow();
        tellSeen();
      }
    });
    document.documentElement.addEventListener('mouseleave', event => {
      if (event.clientY <= 0) exitIntent('mouse');
    });
  };

  // --- An email typed into any field ----------------------------------------------------------------------------------

  const SECRET_NAME = /passw|pwd|card|cvv|cvc|(^|[^a-z])(cc|pan|pin)([^a-z]|$)|iban|secret|otp/i;
  const SECRET_AUTOCOMPLETE = /(^|\s)cc-|password|one-time-code/i;
  const wasPassword = new WeakSet(); // "show password" turns the field into a text field: it stays secret

  const watchFields = () => {
    const look = event => {
      const field = event.composedPath()[0];
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
      if (field.type === 'password') wasPassword.add(field);
      if (event.type === 'focusin' || wasPassword.has(field) || field.closest('[data-desk-ignore]')) return;
      if (!/^(text|email|search|tel|url|textarea)$/.test(field.type)) return;
      if (SECRET_AUTOCOMPLETE.test(field.autocomplete || '')) return;
      if (SECRET_NAME.test(`${field.name} ${field.id}`) || (host && host.shadowRoot.contains(field))) return;
      const email = field.value.trim();
      if (!isEmail(email) || here.get('email') === email.toLowerCase()) return;
      here.set('email', email.toLowerCase());
      track('Email Captured', { email, field: field.name || field.id || field.type });
    };
    for (const event of ['focusin', 'change', 'focusout']) document.addEventListener(event, look, true);
  };

  // --- Drawing --------------------------------------------------------------------------------------------------------

  const ICONS = {
    chat: 'M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.6 4.1a.6.6 0 0 1-1-.45V16A2.5 2.5 0 0 1 4 13.5z',
    close: 'M6 6l12 12M18 6L6 18',
    down: 'M6 9.5l6 6 6-6',
    send: 'M12 19V5M5.5 11.5L12 5l6.5 6.5',
    clip: 'M19 11.5l-7.3 7.3a4.6 4.6 0 0 1-6.5-6.5l7.6-7.6a3.1 3.1 0 0 1 4.4 4.4l-7.5 7.5a1.5 1.5 0 0 1-2.2-2.2l6.8-6.8',
    file: 'M7 3h7l4 4v14H7zM14 3v4h4',
    tick: 'M5 12.5l4.5 4.5L19 7.5',
    ticks: 'M2 12.5L6.5 17 16 7.5M11.5 16l1 1L22 7.5',
    clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 1.5',
  };

  /** An element: `on…` properties are listeners, the rest attributes; children are elements or plain text. */
  const make = (tag, properties, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties || {})) {
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, '');
      else if (value !== false && value != null) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter(child => child || child === 0));
    return element;
  };
  const icon = name => {
    const [svg, path] = ['svg', 'path'].map(tag => document.createElementNS('http://www.w3.org/2000/svg', tag));
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('class', `icon ${name}`);
    path.setAttribute('d', ICONS[name]);
    svg.append(path);
    return svg;
  };
  const iconButton = (name, label, onclick, kind = '') =>
    make('button', { type: 'button', class: `plain ${kind}`, 'aria-label': label, title: label, onclick }, icon(name));

  /** A link that was checked; text alone where it may not be followed. The shop's own pages open in place. */
  const anchor = (address, label, kind, onclick, base) => {
    const href = safeLink(address, base);
    if (!href) return make('span', { class: kind }, label);
    const outside = /^http/.test(href) && new URL(href).origin !== location.origin;
    return make('a', { href, class: kind, onclick, rel: 'noopener noreferrer', target: outside && '_blank' }, label);
  };

  /** Text with its http(s) addresses made links. */
  const linked = (text, onlink) => {
    const parts = [];
    let from = 0;
    for (const match of String(text).matchAll(/\bhttps?:\/\/[^\s<>"'«»]+/gi)) {
      const address = match[0].replace(/[.,:;!?)\]}]+$/, '');
      parts.push(text.slice(from, match.index), anchor(address, address, '', () => onlink && onlink(address)));
      from = match.index + address.length;
    }
    return [...parts, String(text).slice(from)];
  };

  const picture = (address, kind) => {
    const src = safeLink(address, BASE);
    if (!src || !/^http/.test(src)) return null;
    const image = make('img', { src, alt: '', class: kind });
    image.addEventListener('error', () => image.remove()); // gone, or forbidden by the page's own policy
    image.addEventListener('load', () => atEndBefore && scrollToEnd());
    return image;
  };

  /** Keep what is typed into a field under a name, over page changes, until it is sent. */
  const remember = (field, name) => {
    field.value = drafts[name] || '';
    field.addEventListener('input', () => keepDraft(name, field.value));
    return field;
  };
  const keepDraft = (name, value) => {
    if (value) drafts[name] = value;
    else delete drafts[name];
    here.set('drafts', drafts);
  };

  const INPUTS = {
    email: { type: 'email', inputmode: 'email', autocomplete: 'email', check: isEmail },
    phone: { type: 'tel', inputmode: 'tel', autocomplete: 'tel', check: isPhone },
    number: { type: 'text', inputmode: 'decimal', check: text => text !== '' && isFinite(text.replace(',', '.')) },
    date: { type: 'date', check: text => /^\d{4}-\d\d-\d\d$/.test(text) },
  };
  const fieldOf = (input, properties) => {
    const { type = 'text', inputmode, autocomplete } = INPUTS[input] || {};
    return make('input', { type, inputmode, autocomplete, maxlength: 1000, class: 'field', ...properties });
  };
  /** What is wrong with a value, in words; empty when it is fine. */
  const faultOf = (input, value, required) => {
    if (!value) return required ? say(input === 'choice' ? 'choose' : 'required') : '';
    return INPUTS[input] && !INPUTS[input].check(value) ? say(input) : '';
  };

  const timeOf = at => new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit' }).format(at);
  const dayOf = at => {
    const midnight = time => new Date(time).setHours(0, 0, 0, 0);
    const days = Math.round((midnight(at) - midnight(Date.now())) / 864e5);
    const text = days > -2
      ? new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }).format(days, 'day')
      : new Intl.DateTimeFormat(language(), { day: 'numeric', month: 'long' }).format(at);
    return text[0].toUpperCase() + text.slice(1);
  };
  const sizeOf = bytes => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

  // Geometry in steps of 8 px; colours by variables, so that theme and accent are one class and one rule.
  const STYLE = `
:host{all:initial;position:fixed;inset:auto;width:0;height:0;z-index:2147483647}
*,*::before,*::after{box-sizing:border-box}
.root{--surface:#fff;--ground:#f6f7f9;--line:#e3e6eb;--text:#1d2330;--muted:#667085;--danger:#b42318;
--strong:color-mix(in srgb,var(--accent) 88%,#000);--soft:color-mix(in srgb,var(--accent) 9%,var(--surface));
--shadow:0 1px 2px rgb(16 24 40/.06),0 12px 40px rgb(16 24 40/.18);color-scheme:light;
font:400 15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--text);text-align:start;
-webkit-font-smoothing:antialiased}
.root.dark{--surface:#1d2128;--ground:#15181d;--line:#343a45;--text:#eceef2;--muted:#9aa3b2;--danger:#ff9b8f;
--strong:color-mix(in srgb,var(--accent) 55%,#fff);--shadow:0 1px 2px rgb(0 0 0/.4),0 12px 40px rgb(0 0 0/.5);
--soft:color-mix(in srgb,var(--accent) 22%,var(--surface));color-scheme:dark}
button,input,textarea{font:inherit;color:inherit;margin:0}
button{cursor:pointer;border:0;background:none;padding:0}
button:disabled{opacity:.5;cursor:default}
p,h2{margin:0;font:inherit}
a{color:var(--strong);text-underline-offset:2px;overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--strong);outline-offset:2px}
[hidden]{display:none!important}
.icon{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;display:block;flex:none}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.plain{width:40px;height:40px;border-radius:12px;display:grid;place-items:center;color:var(--muted);flex:none}
.plain:hover{background:color-mix(in srgb,currentColor 10%,transparent)}
.launcher{position:fixed;bottom:24px;right:24px;width:56px;height:56px;border-radius:50%;background:var(--accent);color:var(--ink);
box-shadow:0 4px 16px rgb(16 24 40/.24);display:grid;place-items:center;transition:transform .15s,box-shadow .15s}
.launcher:hover{transform:translateY(-2px);box-shadow:0 8px 24px rgb(16 24 40/.28)}
.launcher:focus-visible{outline-offset:3px}
.launcher .chat{fill:currentColor;stroke:none}
.left .launcher,.left .window,.left .teaser{right:auto;left:24px}
.badge{position:absolute;top:-4px;right:-4px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;background:#d92d20;color:#fff;
font-size:12px;font-weight:600;line-height:18px;text-align:center;border:2px solid var(--surface)}
.window{position:fixed;right:24px;bottom:96px;width:376px;max-width:calc(100vw - 48px);height:min(616px,calc(100dvh - 120px));
display:flex;flex-direction:column;background:var(--ground);border-radius:20px;box-shadow:var(--shadow);overflow:hidden;animation:rise .2s ease-out}
.dark .window,.dark .card,.dark .teaser{outline:1px solid var(--line);outline-offset:-1px}
.head{display:flex;align-items:center;gap:8px;padding:16px 12px 16px 20px;background:var(--accent);color:var(--ink)}
.head h2{font-size:17px;font-weight:600;line-height:1.3;overflow-wrap:anywhere}
.head div{flex:1;min-width:0}
.head p{font-size:13px;opacity:.88;display:flex;align-items:center;gap:6px}
.head .online::before{content:"";width:8px;height:8px;border-radius:50%;background:#4ade80}
.head .plain{color:inherit}
.head :focus-visible{outline-color:currentColor}
.notice{padding:8px 20px;font-size:13px;background:var(--soft);color:var(--text);border-bottom:1px solid var(--line)}
.feed{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:8px 16px 16px;scrollbar-width:thin;scrollbar-color:var(--line) transparent}
.day,.system{text-align:center;font-size:12px;color:var(--muted);padding:16px 24px 8px;overflow-wrap:anywhere}
.row{display:flex;flex-direction:column;align-items:flex-start;padding-top:4px}
.row.first{padding-top:12px}
.mine{align-items:flex-end}
.who{font-size:12px;font-weight:500;color:var(--muted);padding:0 4px 4px;max-width:85%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.bubble{max-width:85%;padding:8px 14px;border-radius:18px;background:var(--surface);border:1px solid var(--line);white-space:pre-wrap;overflow-wrap:anywhere}
.row.last .bubble{border-end-start-radius:6px}
.mine .bubble{background:var(--accent);color:var(--ink);border-color:transparent}
.mine.last .bubble{border-end-start-radius:18px;border-end-end-radius:6px}
.mine .bubble a{color:inherit}
.pending .bubble{opacity:.72}
.meta{display:flex;align-items:center;gap:4px;font-size:11px;color:var(--muted);padding:4px 4px 0}
.meta .icon{width:14px;height:14px;stroke-width:2.2}
.meta .ticks{color:var(--strong)}
.bad{color:var(--danger)}
.shot{display:block;max-width:min(85%,260px);max-height:240px;border-radius:16px;border:1px solid var(--line);margin-top:4px;object-fit:cover}
.shot img{display:block;max-width:100%;max-height:238px;border-radius:15px}
.attachment{display:flex;align-items:center;gap:8px;max-width:85%;padding:8px 14px 8px 10px;margin-top:4px;border-radius:14px;border:1px solid var(--line);
background:var(--surface);color:var(--text);text-decoration:none;font-size:14px}
a.attachment:hover{border-color:var(--strong)}
.attachment .icon{color:var(--strong)}
.attachment small{display:block;color:var(--muted);font-size:12px}
.attachment span{overflow-wrap:anywhere;min-width:0}
.options{display:flex;flex-wrap:wrap;gap:8px;padding-top:8px}
.row>.options{justify-content:flex-end;align-self:stretch;padding-top:12px}
.option{min-height:40px;padding:6px 16px;border-radius:20px;border:1.5px solid color-mix(in srgb,var(--strong) 60%,transparent);background:var(--surface);
color:var(--strong);font-weight:500;text-align:start;text-decoration:none;overflow-wrap:anywhere;display:inline-flex;align-items:center;transition:background .12s}
.option:hover,.option[aria-checked=true]{background:var(--soft);border-color:var(--strong)}
.option[aria-checked=true]{box-shadow:inset 0 0 0 1px var(--strong)}
.dots{display:flex;gap:4px;padding:14px 16px;margin-top:12px;width:max-content;border-radius:18px;background:var(--surface);border:1px solid var(--line)}
.dots i{width:6px;height:6px;border-radius:50%;background:var(--muted);animation:blink 1.2s infinite both}
.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
.ask{display:flex;gap:8px;align-self:stretch;padding-top:8px}
.field{width:100%;min-height:44px;padding:8px 14px;border-radius:12px;border:1px solid color-mix(in srgb,var(--muted) 55%,var(--line));background:var(--surface)}
.field:focus{outline:2px solid var(--strong);outline-offset:-1px}
.field[aria-invalid=true]{border-color:var(--danger)}
.fault{font-size:13px;color:var(--danger);padding-top:4px}
.composer{display:flex;align-items:flex-end;gap:4px;padding:8px;background:var(--surface);border-top:1px solid var(--line)}
.composer textarea{flex:1;min-width:0;max-height:128px;padding:9px 4px;border:0;background:none;resize:none;outline:0;line-height:22px;field-sizing:content}
.composer:focus-within{box-shadow:inset 0 2px 0 var(--strong)}
::placeholder{color:var(--muted);opacity:1}
.go{width:40px;height:40px;border-radius:50%;background:var(--accent);color:var(--ink);display:grid;place-items:center;flex:none}
.go:disabled{background:var(--line);color:var(--muted);opacity:1}
.jump{position:absolute;left:50%;bottom:72px;transform:translateX(-50%);padding:6px 14px;border-radius:16px;background:var(--surface);
box-shadow:var(--shadow);font-size:13px;font-weight:500;color:var(--strong)}
.teaser{position:fixed;right:24px;bottom:96px;width:320px;max-width:calc(100vw - 48px);padding:12px 16px 16px;border-radius:20px;background:var(--surface);
box-shadow:var(--shadow);animation:rise .25s ease-out}
.teaser .top{display:flex;align-items:center;justify-content:space-between;margin:-4px -8px 0 0;font-size:12px;font-weight:500;color:var(--muted)}
.teaser .top .plain{width:32px;height:32px}
.teaser .top .icon{width:18px;height:18px}
.teaser .text{display:block;width:100%;text-align:start;white-space:pre-wrap;overflow-wrap:anywhere;border-radius:8px}
.card{position:fixed;inset:auto;margin:0;border:0;padding:0;width:360px;max-width:calc(100vw - 48px);max-height:calc(100dvh - 48px);color:var(--text);
background:var(--surface);border-radius:20px;box-shadow:var(--shadow);overflow:auto;overscroll-behavior:contain;animation:rise .25s ease-out}
.card.bottom{bottom:24px}.card.top{top:24px}.card.toleft{left:24px}.card.toright{right:24px}
.card.over{bottom:96px}
.card.middle{left:0;right:0;margin:auto}
.card.large{inset:0;margin:auto;width:480px;height:max-content}
.card.large.pictured{width:720px}
.card::backdrop{background:rgb(16 20 28/.5);animation:fade .2s}
.card .x{position:absolute;top:8px;right:8px;z-index:1}
.card .art{display:block;width:100%;max-height:176px;object-fit:cover}
.card .body{padding:24px;display:flex;flex-direction:column;gap:16px;min-width:0;flex:1}
.card.large .body{padding:40px;gap:20px;justify-content:center}
.card h2{font-size:19px;font-weight:650;line-height:1.3;padding-inline-end:24px;overflow-wrap:anywhere;text-wrap:balance}
.card.large h2{font-size:26px;line-height:1.22;letter-spacing:-.01em}
.card .text{white-space:pre-wrap;overflow-wrap:anywhere;color:color-mix(in srgb,var(--text) 84%,var(--surface))}
.card.large .text{font-size:16px}
.card .art+.x,.pictured .x{background:var(--surface);color:var(--text);border-radius:50%;width:36px;height:36px;top:12px;right:12px}
.pictured.large{display:flex}
.pictured.large .art{width:45%;max-height:none;flex:none}
.card form{display:flex;flex-direction:column;gap:16px}
.card label,.card .legend{display:block;font-size:14px;font-weight:500;padding-bottom:6px}
.card label small,.card .legend small{font-weight:400;color:var(--muted)}
.main{display:flex;align-items:center;justify-content:center;width:100%;min-height:48px;padding:8px 24px;border-radius:14px;background:var(--accent);color:var(--ink);
font-weight:600;text-align:center;text-decoration:none;overflow-wrap:anywhere;transition:filter .12s}
.main:hover{filter:brightness(1.08)}
.mini{width:320px;border-radius:16px}
.mini .body{padding:16px 20px;gap:8px}
.mini h2{font-size:16px}
.mini .art{max-height:96px}
.mini .main{min-height:40px}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}
@keyframes fade{from{opacity:0}}
@keyframes blink{0%,60%,100%{opacity:.3}30%{opacity:1}}
@media (max-width:480px){
.launcher,.left .launcher{bottom:16px}.launcher{right:16px}.left .launcher{left:16px}
.window,.left .window{inset:0;width:auto;max-width:none;height:100dvh;border-radius:0}
.root.open .launcher{display:none}
.teaser,.left .teaser{left:16px;right:16px;bottom:88px;width:auto;max-width:none}
.composer textarea,.field{font-size:16px}
.card,.card.large,.card.pictured{inset:auto 0 0 0;margin:0;width:auto;max-width:none;border-radius:20px 20px 0 0}
.card.large .body{padding:32px 24px 24px}.pictured.large{flex-direction:column}.pictured.large .art{width:100%;max-height:160px}
.card.mini{inset:auto 16px 16px 16px;border-radius:16px}
}
@media (prefers-reduced-motion:reduce){*,*::before,*::after,.card::backdrop{animation:none!important;transition:none!important}}
@media (forced-colors:active){.launcher,.main,.go,.option,.bubble{border:1px solid}}
@media print{.root{display:none}}`;

  let host = null;
  let root = null;
  let accentSheet = null;
  const parts = {}; // the fixed elements of launcher and window, by name

  const adopt = text => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet];
      return sheet;
    } catch { // a browser without constructable sheets
      const style = make('style', {}, text);
      host.shadowRoot.append(style);
      return { replaceSync: next => { style.textContent = next; } };
    }
  };

  /** Black or white, whichever is easier to read on the colour. */
  const inkOn = colour => {
    const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour);
    if (!hex) return '#fff';
    const digits = hex[1].length === 3 ? hex[1].replace(/./g, '$&$&') : hex[1];
    const [red, green, blue] = [0, 2, 4].map(at => (parseInt(digits.slice(at, at + 2), 16) / 255) ** 2.2);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.36 ? '#14171c' : '#fff';
  };

  const darkScheme = matchMedia('(prefers-color-scheme: dark)');

  const drawLook = () => {
    const colour = CSS.supports('color', look.colour || '') && !/[;{}]/.test(look.colour) ? look.colour : '#3b5bdb';
    accentSheet.replaceSync(`.root{--accent:${colour};--ink:${inkOn(colour)}}`);
    root.classList.toggle('dark', look.theme === 'dark' || (look.theme !== 'light' && darkScheme.matches));
    root.classList.toggle('left', look.side === 'left');
    root.lang = language();
  };

  const drawAll = () => {
    drawLook();
    drawHeader();
    drawLauncher();
    drawNotice();
    drawFeed();
  };

  // --- The chat: launcher, window, feed, composer -------------------------------------------------------------------

  const buildChat = () => {
    host = make('desk-widget');
    host.attachShadow({ mode: 'open' });
    accentSheet = adopt('');
    adopt(STYLE);
    root = make('div', { class: 'root' });
    parts.launcher = make('button', { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog', onclick: toggle });
    parts.teaser = make('div', { role: 'status' });
    parts.heading = make('h2', { id: 'title' });
    parts.online = make('p');
    parts.minimise = iconButton('close', say('minimise'), close);
    parts.notice = make('p', { class: 'notice', role: 'status', hidden: true });
    parts.list = make('div', { role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions' });
    parts.typing = make('div', { role: 'status' });
    parts.feed = make('div', { class: 'feed', tabindex: 0, onscroll: onFeedScroll }, parts.list, parts.typing);
    parts.jump = make('button', { type: 'button', class: 'jump', hidden: true, onclick: () => scrollToEnd(true) });
    buildComposer();
    parts.window = make('section', { class: 'window', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
      make('header', { class: 'head' }, make('div', {}, parts.heading, parts.online), parts.minimise),
      parts.notice, parts.feed, parts.jump, parts.composer);
    parts.window.addEventListener('keydown', event => event.key === 'Escape' && close());
    for (const name of ['dragover', 'drop']) {
      parts.window.addEventListener(name, event => {
        event.preventDefault();
        if (name === 'drop') attach(event.dataTransfer.files);
      });
    }
    root.append(parts.launcher, parts.teaser, parts.window);
    host.shadowRoot.append(root);
    // The shop's own shortcuts must not fire while somebody types to us.
    for (const name of ['keydown', 'keyup', 'keypress']) root.addEventListener(name, event => event.stopPropagation());
    document.body.append(host);
    darkScheme.addEventListener('change', drawLook);
  };

  const buildComposer = () => {
    const send = () => {
      const text = parts.text.value.trim();
      if (!text) return;
      write({ text });
      parts.text.value = '';
      keepDraft('chat', '');
      growComposer();
    };
    parts.text = remember(make('textarea', { rows: 1, maxlength: MAX_MESSAGE_CHARS, dir: 'auto' }), 'chat');
    parts.picker = make('input', { type: 'file', multiple: true, hidden: true, tabindex: -1, 'aria-hidden': 'true' });
    parts.picker.addEventListener('change', () => {
      attach(parts.picker.files);
      parts.picker.value = '';
    });
    parts.clip = iconButton('clip', say('attach'), () => parts.picker.click());
    parts.send = make('button', { type: 'submit', class: 'go' }, icon('send'));
    parts.composer = make('form', { class: 'composer' }, parts.clip, parts.picker, parts.text, parts.send);
    parts.composer.addEventListener('submit', event => {
      event.preventDefault();
      send();
    });
    parts.text.addEventListener('input', () => {
      growComposer();
      tellTyping(parts.text.value);
    });
    parts.text.addEventListener('keydown', event => {
      // On a telephone's keyboard Enter is a new line: it has no Shift+Enter.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || matchMedia('(pointer: coarse)').matches) return;
      event.preventDefault();
      send();
    });
    parts.text.addEventListener('paste', event => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      attach(event.clipboardData.files);
    });
  };

  const growComposer = () => {
    parts.send.disabled = !parts.text.value.trim();
    const lines = Math.min(5, parts.text.value.split('\n').length); // `field-sizing` does better where it is known
    parts.text.rows = lines;
  };

  let typingTold = 0;
  const tellTyping = text => {
    if (!welcomed || Date.now() - typingTold < 2000) return;
    typingTold = Date.now();
    transmit({ type: 'typing', text: text.slice(0, 1000) });
  };

  const drawHeader = () => {
    parts.heading.textContent = look.title || say('title');
    parts.online.textContent = say(operatorsOnline ? 'online' : 'away');
    parts.online.className = operatorsOnline ? 'online' : '';
    parts.feed.setAttribute('aria-label', look.title || say('title'));
    for (const [part, word] of [['minimise', 'minimise'], ['clip', 'attach'], ['send', 'send']]) {
      parts[part].setAttribute('aria-label', say(word));
      parts[part].title = say(word);
    }
    parts.text.placeholder = say('write');
    parts.text.setAttribute('aria-label', say('write'));
    parts.jump.textContent = say('down');
    growComposer();
  };

  const drawLauncher = () => {
    const count = isOpen ? 0 : unread().length;
    const label = isOpen ? say('minimise') : say('open') + (count ? `, ${say('unread')}${count}` : '');
    parts.launcher.setAttribute('aria-label', label);
    parts.launcher.setAttribute('aria-expanded', isOpen);
    parts.launcher.replaceChildren(icon(isOpen ? 'down' : 'chat'));
    if (count) parts.launcher.append(make('span', { class: 'badge', 'aria-hidden': 'true' }, count > 99 ? '99+' : String(count)));
  };

  const drawNotice = () => {
    if (!parts.notice) return;
    parts.notice.hidden = welcomed || !attempts;
    parts.notice.textContent = parts.notice.hidden ? '' : say('offline');
  };

  const atEnd = () => parts.feed.scrollHeight - parts.feed.scrollTop - parts.feed.clientHeight < 48;
  let atEndBefore = true;
  const scrollToEnd = smooth => {
    parts.feed.scrollTo({ top: parts.feed.scrollHeight, behavior: smooth ? 'smooth' : 'auto' });
  };
  const onFeedScroll = () => {
    atEndBefore = atEnd();
    if (!atEndBefore) return;
    parts.jump.hidden = true;
    tellSeen();
  };

  const drawn = new Map(); // message id → [what was drawn, its element]

  /** Draw what has changed, and only that: half-typed answers and the reader's place stay. */
  const drawFeed = () => {
    const shown = withGreeting();
    const lastQuestion = [...shown].reverse().find(item => foreign(item) && (item.options || item.input));
    let previous = null;
    let before = null;
    let grown = false;
    for (const [index, message] of shown.entries()) {
      const next = shown[index + 1];
      const sameHand = other => other && other.author.kind === message.author.kind && other.author.name === message.author.name;
      const sameDay = previous && new Date(previous.at).toDateString() === new Date(message.at).toDateString();
      const view = {
        message,
        day: sameDay ? '' : dayOf(message.at),
        first: !sameDay || !sameHand(previous) || Boolean(previous.chosen),
        last: !sameHand(next) || next.at - message.at > 300e3,
        active: message === lastQuestion && !message.closed && !shown.slice(index + 1).some(item => item.author.kind === 'visitor' && message.input),
        chosen: chosenLabel(message, next),
        seen: message.seq <= operatorSeen,
        language: language(),
      };
      const key = message.client_id || message.id;
      const signature = JSON.stringify(view);
      let [old, element] = drawn.get(key) || [];
      if (old !== signature) {
        const fresh = drawMessage(view);
        if (element) element.replaceWith(fresh);
        else grown = true;
        element = fresh;
        drawn.set(key, [signature, element]);
      }
      const after = before ? before.nextSibling : parts.list.firstChild;
      if (after !== element) parts.list.insertBefore(element, after);
      before = element;
      previous = message;
    }
    drawEnd(before);
    const keys = new Set(shown.map(message => message.client_id || message.id));
    for (const key of drawn.keys()) if (!keys.has(key)) drawn.delete(key);
    if (grown && !atEndBefore) parts.jump.hidden = !isOpen;
    if (atEndBefore) scrollToEnd();
    tellSeen();
  };

  /** Below the last message: nothing of an earlier drawing, and a line where the dialog has ended. */
  const drawEnd = last => {
    while (parts.list.lastChild && parts.list.lastChild !== last) parts.list.lastChild.remove();
    if (status === 'closed' && last) parts.list.append(make('p', { class: 'system' }, say('ended')));
  };

  const withGreeting = () => {
    if (messages.length || !look.greeting) return messages;
    return [{ id: 'greeting', author: { kind: 'bot', name: look.title || '' }, text: look.greeting, at: Date.now() - (Date.now() % 60e3) }];
  };

  /** The option that was taken, unless the same words follow as the visitor's own message. */
  const chosenLabel = (message, next) => {
    const option = message.chosen && (message.options || []).find(item => item.id === message.chosen);
    if (!option) return '';
    const typed = next && next.author.kind === 'visitor' && (next.text || '').trim().toLowerCase();
    return typed === option.label.trim().toLowerCase() ? '' : option.label;
  };

  const authorName = ({ kind, name }) => (kind === 'visitor' ? say('you') : name || say(kind === 'bot' ? 'bot' : 'team'));

  const drawMessage = view => {
    const { message } = view;
    const mine = message.author.kind === 'visitor';
    const clicked = address => track('Message Clicked', { message: message.id, url: address });
    const block = make('div', {}, view.day && make('p', { class: 'day' }, view.day));
    if (message.author.kind === 'system') {
      block.append(make('p', { class: 'system', dir: 'auto' }, linked(message.text || '')));
      return block;
    }
    const names = ['row', mine && 'mine', view.first && 'first', view.last && 'last', message.pending && 'pending'];
    const row = make('div', { class: names.filter(Boolean).join(' ') },
      make('p', { class: view.first && !mine ? 'who' : 'hush', dir: 'auto' }, authorName(message.author)),
      message.text && make('div', { class: 'bubble', dir: 'auto' }, linked(message.text, clicked)),
      message.image && make('div', { class: 'shot' }, picture(message.image, '')),
      (message.files || []).map(file => drawFile(file, clicked)),
      message.buttons && make('div', { class: 'options' }, message.buttons.map(({ label, link }) =>
        anchor(link, label, 'option', () => clicked(link)))),
      drawMeta(view));
    block.append(row);
    drawAnswers(view, block);
    return block;
  };

  const drawFile = (file, clicked) => {
    const label = [make('span', { dir: 'auto' }, file.name, make('small', {}, sizeOf(file.size || 0)))];
    if (!file.url) return make('span', { class: 'attachment' }, icon('file'), label);
    const link = anchor(file.url, '', 'attachment', () => clicked(file.url), BASE);
    const image = /^image\/(png|jpeg|gif|webp|avif)$/.test(file.media_type) && picture(file.url, '');
    if (!image) {
      link.append(icon('file'), ...label);
      return link;
    }
    link.className = 'shot';
    link.append(image);
    image.alt = file.name;
    image.addEventListener('error', () => {
      link.className = 'attachment';
      link.replaceChildren(icon('file'), ...label);
    });
    return link;
  };

  const drawMeta = ({ message, last, seen }) => {
    if (message.refused) return make('p', { class: 'meta bad' }, `${say('refused')}: ${message.refused}`);
    if (!last && !message.pending) return null;
    const meta = make('p', { class: 'meta' }, make('time', {}, timeOf(message.at)));
    if (message.author.kind === 'visitor') {
      const state = message.pending ? ['clock', 'sending'] : seen ? ['ticks', 'seen'] : ['tick', 'sent'];
      meta.append(icon(state[0]), make('span', { class: 'hush' }, say(state[1])));
    }
    return meta;
  };

  /** What the visitor may do with a question, or what he did: buttons, a small form, or the answer he chose. */
  const drawAnswers = ({ message, active, chosen }, block) => {
    if (chosen) {
      block.append(make('div', { class: 'row mine first last' }, make('p', { class: 'hush' }, say('you')), make('div', { class: 'bubble', dir: 'auto' }, chosen)));
    } else if (active && message.options && !message.chosen) {
      block.append(make('div', { class: 'row' }, drawOptions(message)));
    } else if (active && message.input === 'rating') {
      const rate = score => make('button', { type: 'button', class: 'option', onclick: () => write({ text: score }), 'aria-label': `${score} ${say('of')} 5` }, score);
      block.append(make('div', { class: 'row' }, make('div', { class: 'options', role: 'group', 'aria-label': say('answers') }, [...'12345'].map(rate))));
    } else if (active && message.input === 'file') {
      block.append(make('div', { class: 'row' }, make('div', { class: 'options' },
        make('button', { type: 'button', class: 'option', onclick: () => parts.picker.click() }, say('attach')))));
    } else if (active && INPUTS[message.input]) {
      block.append(drawAsk(message));
    }
  };

  const drawOptions = message =>
    make('div', { class: 'options', role: 'group', 'aria-label': say('answers') }, message.options.map(option =>
      make('button', { type: 'button', class: 'option', dir: 'auto', onclick: () => choose(message, option) }, option.label)));

  const drawAsk = message => {
    const name = `ask:${message.id}`;
    const fault = make('p', { class: 'fault', id: name, role: 'alert' });
    const field = remember(fieldOf(message.input, { 'aria-label': say(`${message.input}Label`), placeholder: say(`${message.input}Label`), 'aria-describedby': name }), name);
    const form = make('form', { novalidate: true }, make('div', { class: 'ask' }, field,
      make('button', { type: 'submit', class: 'go', 'aria-label': say('send') }, icon('send'))), fault);
    form.addEventListener('submit', event => {
      event.preventDefault();
      const wrong = faultOf(message.input, field.value.trim(), true);
      fault.textContent = wrong;
      field.setAttribute('aria-invalid', Boolean(wrong));
      if (wrong) return field.focus();
      keepDraft(name, '');
      write({ text: field.value.trim() });
      parts.text.focus();
    });
    return form;
  };

  const choose = (message, option) => {
    enqueue({ type: 'choose', message: message.id, option: option.id });
    atEndBefore = true;
    changeMessage(message.id, { chosen: option.id });
    open();
  };

  const write = ({ text = '', files = [], id = randomId() }) => {
    const own = { id, client_id: id, author: { kind: 'visitor' }, at: Date.now(), text, files, pending: true };
    addMessage(own);
    enqueue({ type: 'write', id, text: text.slice(0, MAX_MESSAGE_CHARS), ...(files.length && { files: files.map(file => file.id) }) });
    status = status === 'closed' ? 'open' : status;
    atEndBefore = true;
    keepFeed();
    drawAll();
  };

  // Files that could not be uploaded yet. They live as long as the page: a browser gives no way to keep them.
  let uploads = [];

  const attach = files => {
    for (const file of files) {
      const id = randomId();
      const own = { id, client_id: id, author: { kind: 'visitor' }, at: Date.now(), files: [{ name: file.name, size: file.size }] };
      if (file.size > MAX_FILE_BYTES) own.refused = `${file.name} ${say('tooBig')}`;
      else {
        own.pending = true;
        uploads.push({ id, file });
      }
      addMessage(own);
    }
    atEndBefore = true;
    drawAll();
    uploadWaiting();
  };

  const uploadWaiting = async () => {
    while (welcomed && uploads.length) {
      const { id, file } = uploads.shift();
      try {
        const answer = await fetch(`${BASE}v1/widget/files?name=${encodeURIComponent(file.name)}`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': file.type || 'application/octet-stream' },
          body: file,
        });
        const content = await answer.json().catch(() => ({}));
        if (answer.ok && content.id) write({ files: [content], id });
        else changeMessage(id, { pending: false, refused: content.detail || `${file.name} ${say('uploadFailed')}` });
      } catch { // the network went away in the middle: the next welcome tries again
        uploads.unshift({ id, file });
        return setTimeout(uploadWaiting, 5000);
      }
    }
  };

  let typingTimer = 0;
  const showTyping = name => {
    const dots = make('div', { class: 'dots' }, make('i'), make('i'), make('i'), make('span', { class: 'hush' }, `${name || say('team')}${say('typing')}`));
    if (!parts.typing.firstChild) parts.typing.replaceChildren(dots);
    if (atEndBefore) scrollToEnd();
    clearTimeout(typingTimer);
    typingTimer = setTimeout(stopTyping, 6000);
  };
  const stopTyping = () => parts.typing.replaceChildren();

  const showWindow = () => {
    parts.window.hidden = !isOpen;
    root.classList.toggle('open', isOpen);
    parts.window.setAttribute('aria-modal', isOpen && innerWidth <= 480);
    if (isOpen) {
      parts.teaser.replaceChildren();
      atEndBefore = true;
      scrollToEnd();
    }
    drawAll();
  };

  const setOpen = next => {
    if (isOpen === next) return false;
    isOpen = next;
    here.set('open', isOpen);
    showWindow();
    emit(isOpen ? 'open' : 'close');
    return true;
  };
  const open = () => {
    if (!setOpen(true)) return;
    track('Chat Opened', where());
    parts.text.focus({ preventScroll: true });
  };
  const close = () => {
    const inside = parts.window.contains(host.shadowRoot.activeElement);
    if (setOpen(false) && inside) parts.launcher.focus({ preventScroll: true });
  };
  const toggle = () => (isOpen ? close() : open());

  /** Beside the launcher of a closed window: the newest unread message with its answers, until it is put away. */
  const tease = () => {
    const message = unread().pop();
    if (isOpen || !message || here.get('teased') === message.id) return;
    const putAway = () => {
      here.set('teased', message.id);
      parts.teaser.replaceChildren();
    };
    const text = (message.text || '').slice(0, 240) || (message.files || []).map(file => file.name).join(', ');
    parts.teaser.replaceChildren(make('div', { class: 'teaser' },
      make('div', { class: 'top' }, make('span', { dir: 'auto' }, authorName(message.author)), iconButton('close', say('close'), putAway)),
      make('button', { type: 'button', class: 'text', dir: 'auto', onclick: open }, text || say('message')),
      message.options && !message.chosen && !message.closed && drawOptions(message)));
  };

  // --- Pop-ups ----------------------------------------------------------------------------------------------------------

  let popup = null; // { data, card, … } of the one that is shown
  let waitingPopups = [];

  const showPopup = data => {
    const ended = here.get('ended') || [];
    if (!data || ended.includes(data.id) || (popup && popup.data.id === data.id)) return;
    if (popup) {
      if (!waitingPopups.some(item => item.id === data.id)) waitingPopups.push(data);
      return;
    }
    popup = { data, fields: [] };
    drawPopup();
    emit('popup', data);
  };

  const placeOf = ({ size, position = '' }) => {
    if (size === 'large') return '';
    if (/cent|middle/.test(position)) return `middle ${/top/.test(position) ? 'top' : 'bottom'}`;
    // The corner opposite to the launcher, unless the scenario says otherwise; above the launcher in its own corner.
    const side = /left/.test(position) ? 'left' : /right/.test(position) ? 'right' : look.side === 'left' ? 'right' : 'left';
    const top = /top/.test(position);
    return `to${side} ${top ? 'top' : 'bottom'} ${!top && side === (look.side === 'left' ? 'left' : 'right') ? 'over' : ''}`;
  };

  const drawPopup = () => {
    const { data } = popup;
    const modal = data.size === 'large';
    const art = data.image && picture(data.image, 'art');
    const size = ['large', 'mini'].includes(data.size) ? data.size : 'small';
    const card = make('dialog', {
      class: `card ${size} ${art ? 'pictured' : ''} ${placeOf(data)}`,
      role: 'dialog', 'aria-labelledby': 'popup-title', 'aria-describedby': 'popup-text',
    },
    art, iconButton('close', say('close'), () => finishPopup('closed'), 'x'),
    make('div', { class: 'body' },
      make('h2', { id: 'popup-title', dir: 'auto' }, data.title || ''),
      make('div', { id: 'popup-text', class: 'text', dir: 'auto', hidden: !data.text }, linked(data.text || '')),
      drawPopupForm(data)));
    card.addEventListener('cancel', event => event.preventDefault());
    card.addEventListener('keydown', event => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      finishPopup('closed');
    });
    card.addEventListener('click', event => {
      if (modal && event.target === card && outside(card, event)) finishPopup('closed');
    });
    popup.card = card;
    root.append(card);
    if (modal) card.showModal();
    else announce(card, data);
    const first = modal && card.querySelector('.field, .option, .main');
    if (first) first.focus({ preventScroll: true });
  };

  const outside = (card, { clientX, clientY }) => {
    const box = card.getBoundingClientRect();
    return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
  };

  /** A pop-up that takes no focus still has to be heard. */
  const announce = (card, { title = '', text = '' }) => {
    card.show_ = card.setAttribute('open', '');
    const voice = make('p', { class: 'hush', role: 'status' });
    root.append(voice);
    setTimeout(() => { voice.textContent = `${title}. ${text}`; }, 100);
    setTimeout(() => voice.remove(), 5000);
  };

  const drawPopupForm = ({ id, button, fields = [] }) => {
    if (button && button.link && !fields.length) {
      return anchor(button.link, button.label, 'main', () => finishPopup('clicked'));
    }
    if (!button && !fields.length) return null;
    popup.fields = fields.map((field, index) => drawPopupField(field, `popup:${id}:${field.name}`, index));
    popup.fault = make('p', { class: 'fault', role: 'alert', hidden: true });
    popup.button = make('button', { type: 'submit', class: 'main' }, (button && button.label) || say('send'));
    const form = make('form', { novalidate: true }, popup.fields.map(field => field.element), popup.fault, popup.button);
    form.addEventListener('submit', event => {
      event.preventDefault();
      submitPopup();
    });
    return form;
  };

  /** One field: its element, its value, and a check that shows what is wrong and tells whether all is well. */
  const drawPopupField = (field, draft, index) => {
    const fault = make('p', { class: 'fault', id: `fault-${index}` });
    const optional = field.required ? '' : make('small', {}, ` (${say('optional')})`);
    const choice = field.input === 'choice';
    const control = choice
      ? drawChoices(field, draft, index)
      : remember(fieldOf(field.input, { id: `field-${index}`, 'aria-required': Boolean(field.required), 'aria-describedby': fault.id, dir: 'auto' }), draft);
    const value = () => (choice ? drafts[draft] || '' : control.value.trim());
    const check = () => {
      const wrong = faultOf(field.input, value(), field.required);
      fault.textContent = wrong;
      control.setAttribute('aria-invalid', Boolean(wrong));
      return !wrong;
    };
    control.addEventListener('focusout', () => fault.textContent && check());
    const label = choice
      ? make('span', { class: 'legend', id: `legend-${index}`, dir: 'auto' }, field.label, optional)
      : make('label', { for: `field-${index}`, dir: 'auto' }, field.label, optional);
    const focus = () => (choice ? control.querySelector('[tabindex="0"]') : control).focus();
    return { name: field.name, draft, element: make('div', {}, label, control, fault), check, focus,
      value: () => (field.input === 'number' && value() ? Number(value().replace(',', '.')) : value()) };
  };

  /** Choices as buttons that behave as radio buttons: arrows move, Space takes. */
  const drawChoices = (field, draft, index) => {
    const take = button => {
      for (const other of buttons) {
        other.setAttribute('aria-checked', other === button);
        other.tabIndex = other === button ? 0 : -1;
      }
      keepDraft(draft, button.textContent);
    };
    const buttons = (field.choices || []).map((label, place) => make('button', {
      type: 'button', class: 'option', role: 'radio', dir: 'auto', 'aria-checked': drafts[draft] === label,
      tabindex: drafts[draft] === label || (!drafts[draft] && place === 0) ? 0 : -1,
      onclick: event => take(event.currentTarget),
    }, label));
    return make('div', {
      class: 'options', role: 'radiogroup', 'aria-labelledby': `legend-${index}`, 'aria-describedby': `fault-${index}`,
      onkeydown: event => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const next = buttons[(buttons.indexOf(event.target) + step + buttons.length) % buttons.length];
        take(next);
        next.focus();
      },
    }, buttons);
  };

  const submitPopup = () => {
    const { data, fields } = popup;
    const wrong = fields.filter(field => !field.check());
    if (wrong.length) return wrong[0].focus();
    const values = {};
    for (const field of fields) if (field.value() !== '') values[field.name] = field.value();
    const outcome = fields.length ? 'submitted' : 'clicked';
    popup.button.disabled = true;
    enqueue({ type: 'popup_outcome', popup: data.id, outcome, ...(fields.length && { fields: values }) });
    const link = data.button && data.button.link && safeLink(data.button.link);
    if (link) location.assign(link);
    else if (!welcomed) endPopup(data.id); // it waits in the queue: the visitor need not
  };

  const finishPopup = outcome => {
    enqueue({ type: 'popup_outcome', popup: popup.data.id, outcome });
    endPopup(popup.data.id);
  };

  const popupRefused = ({ popup: id }, reason) => {
    if (!popup || popup.data.id !== id || !popup.fault) return;
    popup.button.disabled = false;
    popup.fault.hidden = false;
    popup.fault.textContent = reason;
  };

  /** The pop-up is over, whoever ended it; it is not shown again in this tab. */
  const endPopup = id => {
    here.set('ended', [...(here.get('ended') || []), id].slice(-50));
    waitingPopups = waitingPopups.filter(item => item.id !== id);
    if (!popup || popup.data.id !== id) return;
    for (const field of popup.fields) keepDraft(field.draft, '');
    if (popup.data.size === 'large') popup.card.close(); // gives the focus back to where it was
    popup.card.remove();
    popup = null;
    if (waitingPopups.length) showPopup(waitingPopups.shift());
  };

  // --- Start ------------------------------------------------------------------------------------------------------------

  /** `identify(id, traits, hash)`; without an id `identify(traits)`. The hash is the hex HMAC-SHA256 of the id. */
  const identify = (id, traits, hash) => {
    if (id && typeof id === 'object') [id, traits] = ['', id];
    enqueue({ type: 'identify', user_id: String(id ?? ''), user_hash: hash || '', traits: { ...traits } });
  };

  /** Forget who the visitor is: for a log-out on a shared computer. The next page view begins a new visitor. */
  const reset = () => {
    disconnect();
    forgetVisitor();
    queue = [];
    saveQueue();
    uploads = [];
    toldDelivered = toldSeen = 0;
    if (popup) endPopup(popup.data.id);
    parts.text.value = '';
    parts.teaser.replaceChildren();
    setOpen(false);
    drawAll();
    connect();
  };

  const on = (event, callback) => {
    (listeners[event] = listeners[event] || []).push(callback);
  };

  const api = { loaded: true, track, identify, page, open, close, on, reset };
  api.push = (...calls) => {
    for (const [name, ...values] of calls) {
      if (name !== 'push' && typeof api[name] === 'function') api[name](...values);
    }
  };

  const start = () => {
    const stub = window.desk;
    adoptQueues();
    buildChat();
    showWindow();
    page();
    watchHistory();
    watchScroll();
    watchFields();
    window.desk = api;
    if (Array.isArray(stub)) api.push(...stub);
    connect();
    setInterval(watchAnswers, 5000);
    addEventListener('online', reconnectNow);
    addEventListener('storage', event => event.key === `desk.${KEY}.seen` && drawLauncher());
    addEventListener('pagehide', () => {
      countTime();
      disconnect();
    });
    addEventListener('pageshow', event => {
      if (!event.persisted) return;
      page();
      connect();
    });
  };

  if (document.prerendering) document.addEventListener('prerenderingchange', start, { once: true });
  else if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start, { once: true });
  else start();
})();
