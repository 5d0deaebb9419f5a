/*
 * The desk's widget: tells the server what a visitor does on the shop's page, and shows what the server answers.
 * It speaks the "widget's socket" of server_stub/protocol.py, takes its styles from a constructable sheet (strict
 * policies forbid inline ones), and shows foreign text as text nodes only.
 */
(() => {
  'use strict';

  // --- Surroundings ---

  const script = document.currentScript || document.querySelector('script[data-key][src*="widget.js"]');
  if (!script || window.deskWidget) return; // once, even where a page has the snippet twice
  window.deskWidget = true;

  const KEY = script.dataset.key || '';
  const BASE = new URL('.', script.src).href;
  const MAX_FILE_BYTES = 2 * 1024 * 1024;
  const MAX_MESSAGE_CHARS = 20000;
  const KEPT_MESSAGES = 200; // shown on a new page before the server has answered
  const KEPT_FRAMES = 500;
  const MAX_EVENT_BYTES = 32000;
  const MAX_TRIES = 9; // of an event; what the visitor wrote is never given up
  const FRAME_LIFE = 7 * 24 * 3600e3;
  const ORPHANED = 120e3; // untouched for so long: the queue of a tab that was closed
  const ANSWER_LIMIT = 15e3; // silent for so long: the connection is dead

  const randomId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, '0')).join('');

  /** JSON in the browser's storage, or in memory where the browser refuses it. */
  const shelf = area => {
    const prefix = `desk.${KEY}.`;
    let box = {};
    try { box = window[area] || box; } catch { /* forbidden */ }
    return {
      get(name) {
        try { return JSON.parse(box[prefix + name] || 'null'); } catch { return null; }
      },
      set(name, value) {
        try { box[prefix + name] = JSON.stringify(value); } catch { /* full */ }
      },
      remove: name => delete box[prefix + name],
      names: () => Object.keys(box).filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length)),
    };
  };
  const kept = shelf('localStorage'); // of the visitor, in all tabs
  const here = shelf('sessionStorage'); // of this tab, over page changes

  /** An address that may be followed, else null. */
  const safeLink = (address, base = location.href) => {
    try {
      const url = new URL(String(address).trim(), base);
      return /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : null;
    } catch { return null; }
  };
  const onTouch = () => matchMedia('(pointer: coarse)').matches;
  const isEmail = text =>
    text.length < 255 && /^[^\s@<>()[\],;:"\\]+@([a-z0-9\u0080-\uffff-]+\.)+[a-z\u0080-\uffff-]{2,}$/i.test(text);
  const isPhone = text => /^\+?[\d\s().-]+$/.test(text) && /^\d{5,15}$/.test(text.replace(/\D/g, ''));

  // --- Words ---

  const WORDS = {
    en: {
      title: 'Chat with us', online: 'We are online', away: 'Write to us, we will answer here', open: 'Open chat',
      hide: 'Close chat', close: 'Close', unread: 'unread: ', write: 'Write a message…', send: 'Send',
      attach: 'Attach a file', you: 'You', team: 'Shop', bot: 'Assistant', typing: ' is typing', sending: 'Sending',
      sent: 'Sent', seen: 'Seen', edited: 'edited', refused: 'Not sent', tooBig: 'larger than 2 MB', answers: 'Answers',
      ended: 'This conversation has ended. Write to begin a new one.', down: 'New messages',
      nobody: 'Nobody is here right now. The answer will come here: you need not wait.',
      offline: 'No connection. Messages will be sent when it is back.', optional: 'optional',
      required: 'This is needed', check: 'Please check this',
      email: 'Your email', phone: 'Your phone', number: 'A number', date: 'A date',
    },
    ru: {
      title: 'Напишите нам', online: 'Мы на связи', away: 'Напишите нам, ответим здесь', open: 'Открыть чат',
      hide: 'Закрыть чат', close: 'Закрыть', unread: 'непрочитанных: ', write: 'Напишите сообщение…', send: 'Отправить',
      attach: 'Прикрепить файл', you: 'Вы', team: 'Магазин', bot: 'Помощник', typing: ' печатает', sending: 'Отправляется',
      sent: 'Отправлено', seen: 'Прочитано', edited: 'изменено', refused: 'Не отправлено', tooBig: 'больше 2 МБ', answers: 'Ответы',
      ended: 'Разговор завершён. Напишите, чтобы начать новый.', down: 'Новые сообщения',
      nobody: 'Сейчас никого нет на месте. Ответ придёт сюда, ждать не нужно.',
      offline: 'Нет связи. Сообщения уйдут, когда она появится.', optional: 'необязательно',
      required: 'Это обязательно', check: 'Проверьте, нет ли ошибки',
      email: 'Ваша почта', phone: 'Ваш телефон', number: 'Число', date: 'Дата',
    },
  };
  const pageLocale = () => document.documentElement.lang || navigator.language || 'en';
  // The page's own language wins: the chat speaks like the shop around it.
  const language = () => {
    for (const locale of [document.documentElement.lang, tab.look.locale, navigator.language]) {
      const short = String(locale || '').slice(0, 2).toLowerCase();
      if (WORDS[short]) return short;
    }
    return 'en';
  };
  const say = word => WORDS[language()][word];

  // --- State ---

  // What this tab keeps over page changes.
  const tab = {
    owner: '', // the visitor whose feed it is
    messages: [], // sorted by seq; those not yet answered come last
    heard: 0, // the last seq sent in order; an Ack may run ahead
    operatorSeen: 0,
    status: 'none',
    open: false,
    look: {}, // WidgetLook and the server's locale
    drafts: {}, // half-typed texts by name of their field
    ended: [], // ids of pop-ups that are over
    ...here.get('tab'),
  };
  const keep = () => {
    const messages = tab.messages.filter(message => message.seq || message.pending).slice(-KEPT_MESSAGES);
    here.set('tab', { ...tab, messages });
  };

  let operatorsOnline = false;
  let token = '';

  const listeners = {};
  const emit = (event, detail) => {
    for (const callback of listeners[event] || []) {
      try { callback(detail); } catch (error) { setTimeout(() => { throw error; }); } // the shop's own error: report it, go on
    }
  };

  // --- Sending: an ordered queue that outlives the page ---

  let socket = null;
  let welcomed = false;
  let stopped = false;
  let attempts = 0;
  let reconnectTimer = 0;
  let helloAfter = 0;
  let lastFrame = 0; // when the server was last heard
  const queueName = `queue.${randomId()}`; // one a page; the next page of the tab takes it over
  let queue = [];

  const saveQueue = () => (queue.length ? kept.set(queueName, { at: Date.now(), frames: queue }) : kept.remove(queueName));

  /** Take over what a closed page could not send. An id counts once: doubles do no harm. */
  const adoptQueues = () => {
    for (const name of kept.names()) {
      if (!name.startsWith('queue.') || name === queueName) continue;
      const left = kept.get(name) || { at: 0, frames: [] };
      if (name !== tab.queue && left.at > Date.now() - ORPHANED) continue;
      queue.push(...left.frames.filter(frame => (frame.at || left.at) > Date.now() - FRAME_LIFE));
      kept.remove(name);
    }
    tab.queue = queueName;
    keep();
    saveQueue();
  };

  const transmit = frame => socket && socket.readyState === 1 && socket.send(JSON.stringify(frame));

  const sendQueued = frame => {
    frame.tried = Date.now();
    frame.tries = (frame.tries || 0) + 1;
    const { tried, tries, ...wire } = frame; // these two are ours, the server refuses unknown fields
    transmit(frame.type === 'track' ? { ...wire, sent_at: tried } : wire);
  };

  const enqueue = frame => {
    frame.id = frame.id || randomId();
    try {
      if (frame.type !== 'write' && new Blob([JSON.stringify(frame)]).size > MAX_EVENT_BYTES) throw new Error('over 32 KB');
    } catch (error) {
      return void console.warn('desk:', frame.name || frame.type, error.message);
    }
    queue.push(frame);
    if (queue.length > KEPT_FRAMES) queue.splice(Math.max(0, queue.findIndex(item => item.type === 'track')), 1);
    saveQueue();
    if (welcomed) sendQueued(frame);
  };

  const settle = id => {
    const frame = queue.find(item => item.id === id);
    queue = queue.filter(item => item.id !== id);
    saveQueue();
    return frame;
  };

  const connect = () => {
    clearTimeout(reconnectTimer);
    if (socket || stopped) return;
    let mine;
    try { mine = new WebSocket(`${BASE.replace(/^http/, 'ws')}v1/widget`); } catch { return void reconnectLater(); }
    socket = mine;
    mine.onopen = () => {
      token = kept.get('token') || ''; // another tab may know better
      helloAfter = tab.heard;
      const hello = { type: 'hello', key: KEY, token, after: helloAfter, locale: pageLocale() };
      transmit({ ...hello, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || '' });
    };
    mine.onmessage = event => {
      if (socket !== mine) return;
      lastFrame = Date.now();
      const frame = JSON.parse(event.data);
      receive[frame.type]?.(frame);
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

  // With jitter: a restarted server is not met by all at once.
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
    if (!welcomed || Date.now() - Math.max(lastFrame, queue[0].tried) < ANSWER_LIMIT) return;
    disconnect();
    reconnectLater();
  };

  // --- Receiving: one function a frame ---

  const visitorOf = text => text.slice(0, text.lastIndexOf('.'));

  const receive = {
    welcome(frame) {
      token = frame.token;
      kept.set('token', token);
      const stranger = tab.owner && tab.owner !== visitorOf(token);
      if (stranger) forgetFeed(); // what this tab kept is not his: ask again for all of his
      tab.owner = visitorOf(token);
      if (stranger && helloAfter) {
        disconnect();
        return connect();
      }
      attempts = told.delivered = told.seen = 0;
      welcomed = true;
      operatorsOnline = frame.online;
      tab.look = { ...frame.look, locale: frame.locale };
      kept.set('seen', Math.max(kept.get('seen'), frame.seen_up_to || 0));
      tab.status = frame.dialog_status || 'none';
      for (const message of frame.messages || []) hear(message);
      dropLost();
      queue = queue.filter(item => item.type === 'write' || !(item.tries >= MAX_TRIES));
      queue.forEach(sendQueued);
      refresh();
      if (frame.popup) showPopup(frame.popup);
      tease();
      uploadWaiting();
      emit('ready', { anonymousId: tab.owner });
    },
    message({ message }) {
      const isNew = hear(message);
      if (foreign(message)) parts.typing.replaceChildren();
      refresh();
      if (!isNew || !foreign(message)) return;
      tease();
      emit('message', message);
    },
    message_again({ message }) {
      const there = tab.messages.find(item => item.id === message.id);
      if (!there) return;
      if (message.deleted) tab.messages = tab.messages.filter(item => item !== there);
      else addMessage(message);
      refresh();
      tease();
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
      tab.operatorSeen = Math.max(tab.operatorSeen, up_to);
      refresh();
    },
    dialog({ status }) {
      tab.status = status;
      refresh();
    },
    online({ online }) {
      operatorsOnline = online;
      refresh();
    },
    ack({ id, message }) {
      const frame = settle(id);
      if (message) addMessage(message);
      refresh();
      if (frame && frame.type === 'popup_outcome') endPopup(frame.popup);
    },
    refused({ id = '', problem = {} }) {
      const frame = settle(id) || {};
      const reason = problem.detail || say('refused');
      if (frame.type === 'write') changeMessage(id, { pending: false, refused: reason });
      else if (frame.type === 'choose') changeMessage(frame.message, { chosen: '', closed: true });
      else if (frame.type === 'popup_outcome') popupRefused(frame.popup, reason);
      else console.warn('desk:', reason);
      if (!id && !welcomed) helloRefused(`${problem.error} ${problem.field}`);
    },
  };

  /** Another token may do; a wrong key will not become right. */
  const helloRefused = why => {
    disconnect();
    stopped = /key/.test(why);
    if (/token/.test(why)) forgetVisitor();
    reconnectLater();
  };

  const foreign = message => message.author.kind === 'operator' || message.author.kind === 'bot';

  /** True when the message is new. */
  const addMessage = message => {
    const same = item => item.id === message.id || (message.client_id && item.client_id === message.client_id);
    const index = tab.messages.findIndex(same);
    if (index >= 0) tab.messages[index] = { closed: tab.messages[index].closed, ...message };
    else tab.messages.push(message);
    tab.messages.sort((one, other) => (one.seq || Infinity) - (other.seq || Infinity) || 0);
    return index < 0;
  };

  const hear = message => {
    tab.heard = Math.max(tab.heard, message.seq || 0);
    return addMessage(message);
  };

  /** Uploads that the last page did not finish are gone. */
  const dropLost = () => {
    const waits = [...queue, ...uploads].map(item => item.id);
    tab.messages = tab.messages.filter(message => !message.pending || waits.includes(message.id));
  };

  const changeMessage = (id, changes) => {
    Object.assign(tab.messages.find(item => item.id === id) || {}, changes);
    refresh();
  };

  const forgetFeed = () => {
    Object.assign(tab, { messages: [], heard: 0, operatorSeen: 0, status: 'none' });
    kept.remove('seen');
  };

  const forgetVisitor = () => {
    forgetFeed();
    Object.assign(tab, { owner: '', drafts: {}, ended: [], teased: '', email: '' });
    token = '';
    kept.remove('token');
  };

  const told = { delivered: 0, seen: 0 }; // what the server knows of this page
  const tell = (state, upTo) => {
    if (!welcomed || upTo <= told[state]) return;
    told[state] = upTo;
    transmit({ type: 'seen', up_to: upTo, state });
  };

  /** What is at the end of an open window on a visible page is seen. */
  const tellSeen = () => {
    const upTo = Math.max(0, ...tab.messages.filter(foreign).map(message => message.seq || 0));
    tell('delivered', upTo);
    if (!tab.open || document.hidden || !atEnd()) return;
    if (upTo > kept.get('seen')) kept.set('seen', upTo);
    drawLauncher();
    tell('seen', upTo);
  };

  const unread = () => tab.messages.filter(message => foreign(message) && message.seq > kept.get('seen'));

  // --- The page: views, scroll depth, exit intent ---

  const track = (name, properties) => {
    enqueue({ type: 'track', name: String(name), properties: { ...properties }, at: Date.now() });
  };

  let pageUrl = '';
  let visibleSince = 0;
  let visibleFor = 0;
  let depths = new Set();
  let exitTold = false;

  const countTime = () => {
    if (visibleSince) visibleFor += Date.now() - visibleSince;
    visibleSince = document.hidden ? 0 : Date.now();
    tab.spent = Math.round(visibleFor / 1000);
    keep();
  };

  /** Page Viewed, and how long the page before was looked at. */
  const page = properties => {
    if (pageUrl) countTime();
    track('Page Viewed', {
      ...where(),
      title: document.title,
      referrer: pageUrl || document.referrer,
      search: location.search,
      previous_seconds: tab.spent, // left out on the visit's first page
      ...properties,
    });
    pageUrl = location.href;
    [depths, exitTold, visibleFor, visibleSince] = [new Set(), false, 0, 0];
    countTime();
    if (host && !host.isConnected) document.body.append(host); // a single-page shop has swapped its body
  };

  const where = () => ({ url: location.href, path: location.pathname });

  const watchHistory = () => {
    const changed = replaced => {
      // The title is set after the address: read it a moment later.
      setTimeout(() => {
        const { pathname, search } = new URL(pageUrl);
        if (location.pathname !== pathname || (!replaced && location.search !== search)) page();
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
    const touch = onTouch();
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

  // --- An email typed into any field ---

  const SECRET_NAME = /passw|pwd|card|cvv|cvc|(^|[^a-z])(cc|pan|pin)([^a-z]|$)|iban|secret|otp/i;
  const SECRET_AUTOCOMPLETE = /(^|\s)cc-|password|one-time-code/i;
  const wasPassword = new WeakSet(); // "show password" turns the field into a text field: it stays secret

  const watchFields = () => {
    const inspect = event => {
      const field = event.composedPath()[0];
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
      if (field.type === 'password') wasPassword.add(field);
      if (event.type === 'focusin' || wasPassword.has(field) || field.closest('[data-desk-ignore]')) return;
      if (!/^(text|email|search|tel|url|textarea)$/.test(field.type)) return;
      if (SECRET_AUTOCOMPLETE.test(field.autocomplete || '')) return;
      if (SECRET_NAME.test(`${field.name} ${field.id}`)) return;
      const email = field.value.trim();
      if (!isEmail(email) || tab.email === email) return;
      tab.email = email;
      keep();
      track('Email Captured', { email, field: field.name || field.id || field.type });
    };
    for (const event of ['focusin', 'change', 'focusout']) document.addEventListener(event, inspect, true);
  };

  // --- Drawing ---

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

  /** An element: `on…` properties are listeners, the rest attributes. */
  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...children.flat().filter(Boolean));
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
    make('button', { type: 'button', class: `plain ${kind}`, 'aria-label': label, onclick }, icon(name));

  /** A link, or text where it may not be followed. The shop's own pages open in place. */
  const anchor = (address, label, kind, onclick, base) => {
    const href = safeLink(address, base);
    if (!href) return make('span', { class: kind }, label);
    const outside = /^http/.test(href) && new URL(href).origin !== location.origin;
    return make('a', { href, class: kind, onclick, rel: 'noopener noreferrer', target: outside && '_blank' }, label);
  };

  const linked = (text, onlink) => {
    const parts = [];
    let from = 0;
    for (const match of text.matchAll(/\bhttps?:\/\/[^\s<>"'«»]+/gi)) {
      const address = match[0].replace(/[.,:;!?)\]}]+$/, '');
      parts.push(text.slice(from, match.index), anchor(address, address, '', () => onlink && onlink(address)));
      from = match.index + address.length;
    }
    return [...parts, text.slice(from)];
  };

  const picture = (address, kind) => {
    const src = safeLink(address, BASE);
    if (!src || !/^http/.test(src)) return null;
    const image = make('img', { src, alt: '', class: kind });
    image.addEventListener('error', () => image.remove()); // gone, or forbidden by the page's own policy
    image.addEventListener('load', () => atEndBefore && scrollToEnd());
    return image;
  };

  /** Keep what is typed, over page changes. */
  const remember = (field, name) => {
    field.value = tab.drafts[name] || '';
    field.addEventListener('input', () => keepDraft(name, field.value));
    return field;
  };
  const keepDraft = (name, value) => {
    if (value) tab.drafts[name] = value;
    else delete tab.drafts[name];
    keep();
  };

  const INPUTS = {
    email: { type: 'email', inputmode: 'email', autocomplete: 'email', check: isEmail },
    phone: { type: 'tel', inputmode: 'tel', autocomplete: 'tel', check: isPhone },
    number: { type: 'text', inputmode: 'decimal', check: text => text !== '' && isFinite(text.replace(',', '.')) },
    date: { type: 'date', check: text => /^\d{4}-\d\d-\d\d$/.test(text) },
  };
  /** Empty when it is fine. */
  const faultOf = (input, value, required) => {
    if (!value) return required ? say('required') : '';
    return INPUTS[input] && !INPUTS[input].check(value) ? say('check') : '';
  };

  let fieldCount = 0;

  /** A labelled field with its check. */
  const drawField = ({ name, input, label, required, choices }, draft, hush) => {
    const id = `field-${++fieldCount}`;
    const { type = 'text', inputmode, autocomplete } = INPUTS[input] || {};
    const fault = make('p', { class: 'fault', id: `${id}-fault`, role: 'alert' });
    const caption = { class: hush ? 'hush' : 'caption', id: `${id}-label`, dir: 'auto' };
    const described = { 'aria-describedby': fault.id, 'aria-labelledby': caption.id };
    const choice = input === 'choice';
    const control = choice
      ? make('div', { class: 'options', role: 'radiogroup', ...described }, (choices || []).map(value =>
        make('label', { class: 'option', dir: 'auto' }, make('input', {
          type: 'radio', class: 'hush', name: id, value, checked: tab.drafts[draft] === value, onchange: () => keepDraft(draft, value),
        }), value)))
      : remember(make('input', {
        type, inputmode, autocomplete, maxlength: 1000, class: 'field', dir: 'auto', id, placeholder: hush && label, 'aria-required': Boolean(required), ...described,
      }), draft);
    const value = () => (choice ? tab.drafts[draft] || '' : control.value.trim());
    const check = () => {
      const wrong = faultOf(input, value(), required);
      fault.textContent = wrong;
      control.setAttribute('aria-invalid', Boolean(wrong));
      return !wrong;
    };
    control.addEventListener('focusout', () => fault.textContent && check());
    const optional = !required && make('small', {}, ` (${say('optional')})`);
    const element = make('div', {}, make(choice ? 'span' : 'label', { ...caption, for: !choice && id }, label, optional), control, fault);
    return { name, draft, element, value, check, focus: () => (choice ? control.querySelector('input') : control).focus() };
  };

  const format = (at, parts) => new Intl.DateTimeFormat(language(), parts).format(at);
  const sizeOf = bytes => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

  // Geometry in steps of 8 px.
  const STYLE = `
:host{all:initial;position:fixed;width:0;height:0;z-index:2147483647}
*,*::before,*::after{box-sizing:border-box}
.root{--surface:#fff;--ground:#f6f7f9;--line:#e3e6eb;--text:#1d2330;--muted:#667085;--danger:#b42318;
--strong:color-mix(in srgb,var(--accent) 88%,#000);--soft:color-mix(in srgb,var(--accent) 9%,var(--surface));
--shadow:0 1px 2px rgb(16 24 40/.06),0 12px 40px rgb(16 24 40/.18);color-scheme:light;
font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--text);-webkit-font-smoothing:antialiased}
.dark{--surface:#1d2128;--ground:#15181d;--line:#343a45;--text:#eceef2;--muted:#9aa3b2;--danger:#ff9b8f;
--strong:color-mix(in srgb,var(--accent) 55%,#fff);--soft:color-mix(in srgb,var(--accent) 22%,var(--surface));
--shadow:0 0 0 1px var(--line),0 12px 40px rgb(0 0 0/.5);color-scheme:dark}
button,input,textarea{font:inherit;color:inherit;margin:0}
button{cursor:pointer;border:0;background:none;padding:0}
button:disabled{opacity:.5;cursor:default}
p,h2{margin:0;font:inherit}
a{color:var(--strong);text-underline-offset:2px}
:focus-visible,.option:has(:focus-visible){outline:2px solid var(--strong);outline-offset:2px}
[hidden]{display:none!important}
.icon{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;flex:none}
.hush{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.plain,.go,.launcher{width:40px;height:40px;border-radius:12px;display:grid;place-items:center;color:var(--muted);flex:none}
.plain:hover{background:color-mix(in srgb,currentColor 10%,transparent)}
.go,.launcher,.main{background:var(--accent);color:var(--ink);border-radius:50%}
.launcher:hover,.main:hover,.go:hover{filter:brightness(1.1)}
.launcher{position:fixed;bottom:24px;right:24px;width:56px;height:56px;box-shadow:0 4px 16px rgb(16 24 40/.24)}
.launcher .chat{width:28px;height:28px;fill:currentColor;stroke:none}
.badge{position:absolute;top:-4px;right:-4px;min-width:22px;padding:0 6px;border-radius:11px;background:#d92d20;color:#fff;
font-size:12px;font-weight:600;line-height:18px;text-align:center;border:2px solid var(--surface)}
.window,.teaser{position:fixed;right:24px;bottom:96px;width:376px;max-width:calc(100vw - 48px);border-radius:20px;box-shadow:var(--shadow);animation:rise .2s}
.window{height:min(616px,100dvh - 120px);display:flex;flex-direction:column;background:var(--ground);overflow:hidden}
.left .launcher,.left .window,.left .teaser{right:auto;left:24px}
.head{display:flex;align-items:center;gap:8px;padding:16px 12px 16px 20px;background:var(--accent);color:var(--ink)}
.head h2{font-size:17px;font-weight:600;line-height:1.3}
.head div{flex:1;min-width:0}
.head p{font-size:13px}
.head .online::before{content:"";display:inline-block;width:8px;height:8px;margin-inline-end:6px;border-radius:50%;background:#4ade80}
.head .plain{color:inherit;outline-color:currentColor}
.notice{padding:8px 20px;font-size:13px;background:var(--soft)}
.feed{flex:1;overflow:hidden auto;overscroll-behavior:contain;padding:8px 16px 16px;scrollbar-width:thin;overflow-wrap:anywhere}
.feed:focus-visible{outline-offset:-2px}
.day,.system{text-align:center;font-size:12px;color:var(--muted);padding:16px 24px 8px}
.system:empty{padding:0}
.row{display:flex;flex-direction:column;align-items:flex-start;padding-top:4px}
.row.first{padding-top:12px}
.mine{align-items:flex-end}
.who{font-size:12px;font-weight:500;color:var(--muted);padding:0 4px 4px}
.bubble{max-width:85%;padding:8px 14px;border-radius:18px;background:var(--surface);border:1px solid var(--line);white-space:pre-wrap}
.last .bubble{border-end-start-radius:6px}
.mine .bubble{background:var(--accent);color:var(--ink);border-color:transparent}
.mine.last .bubble{border-radius:18px 18px 6px}
.mine .bubble a{color:inherit}
.pending .bubble{opacity:.7}
.meta{display:flex;align-items:center;gap:4px;font-size:11px;color:var(--muted);padding:4px 4px 0}
.meta .icon{width:14px;height:14px;stroke-width:2.2}
.meta .ticks,.attachment .icon{color:var(--strong)}
.shot,.attachment{max-width:85%;margin-top:4px;border-radius:16px;border:1px solid var(--line);overflow:hidden}
.shot img{display:block;max-width:100%;max-height:240px}
.attachment{display:flex;align-items:center;gap:8px;padding:8px 14px 8px 10px;background:var(--surface);color:var(--text);text-decoration:none;font-size:14px}
small{display:block;color:var(--muted);font-size:12px}
.options{display:flex;flex-wrap:wrap;gap:8px;padding-top:8px}
.option{min-height:40px;padding:6px 16px;border-radius:20px;border:1.5px solid color-mix(in srgb,var(--strong) 60%,transparent);background:var(--surface);
color:var(--strong);font-weight:500;text-align:start;text-decoration:none;display:inline-flex;align-items:center;cursor:pointer;overflow-wrap:anywhere}
.option:hover,.option:has(:checked){background:var(--soft);border-color:var(--strong)}
.option:has(:checked){box-shadow:inset 0 0 0 1px var(--strong)}
.stars{flex-wrap:nowrap}
.stars .option{flex:1;flex-direction:column;padding:6px 0}
.stars .option::before{content:"☆"/"";font-size:22px;line-height:1.2}
.stars:has(:hover) .option:not(:hover~*)::before{content:"★"/""}
.dots{display:flex;gap:4px;padding:14px 16px;margin-top:12px;width:max-content;border-radius:18px;background:var(--surface);border:1px solid var(--line)}
i{width:6px;height:6px;border-radius:50%;background:var(--muted);animation:blink 1.2s infinite both}
i:nth-child(2){animation-delay:.2s}
i:nth-child(3){animation-delay:.4s}
.ask{display:flex;gap:8px;padding-top:8px}
.ask div{flex:1}
.field{width:100%;min-height:44px;padding:8px 14px;border-radius:12px;border:1px solid color-mix(in srgb,var(--muted) 55%,var(--line));background:var(--surface)}
.field:focus{outline-offset:-1px}
.field[aria-invalid=true]{border-color:var(--danger)}
.fault,.bad{font-size:13px;color:var(--danger);padding-top:4px}
.composer{display:flex;align-items:flex-end;gap:4px;padding:8px;background:var(--surface);border-top:1px solid var(--line)}
.composer textarea{flex:1;min-width:0;max-height:128px;padding:9px 4px;border:0;background:none;resize:none;outline:0;line-height:22px;field-sizing:content}
.composer:has(textarea:focus){box-shadow:inset 0 2px 0 var(--strong)}
::placeholder{color:var(--muted);opacity:1}
.go:disabled{background:var(--line);color:var(--muted);opacity:1}
.jump{position:absolute;left:50%;bottom:72px;transform:translateX(-50%);padding:6px 14px;border-radius:16px;background:var(--surface);
box-shadow:var(--shadow);font-size:13px;color:var(--strong)}
.teaser{width:320px;padding:8px 16px 16px;background:var(--surface)}
.top{display:flex;align-items:center;justify-content:space-between;margin-inline-end:-12px;font-size:12px;font-weight:500;color:var(--muted)}
.text{white-space:pre-wrap;overflow-wrap:anywhere;text-align:start}
.card{position:fixed;inset:auto;margin:0;border:0;padding:0;width:360px;max-width:calc(100vw - 48px);max-height:calc(100dvh - 48px);color:var(--text);
background:var(--surface);border-radius:20px;box-shadow:var(--shadow);overflow:auto;overscroll-behavior:contain;animation:rise .2s}
.bottom{bottom:24px}.atop{top:24px}.toleft{left:24px}.toright{right:24px}.over{bottom:96px}
.card::backdrop{background:rgb(16 20 28/.5)}
.x{position:absolute;top:8px;right:8px}
.art+.x{background:var(--surface);color:var(--text);border-radius:50%}
.art{display:block;width:100%;max-height:176px;object-fit:cover}
.body,form.fields{padding:24px;display:flex;flex-direction:column;gap:16px;min-width:0;flex:1}
form.fields{padding:0}
.body h2{font-size:19px;font-weight:650;line-height:1.25;padding-inline-end:24px;overflow-wrap:anywhere;text-wrap:balance}
.large{inset:0;margin:auto;width:480px;height:max-content;font-size:16px}
.large .body{padding:40px;justify-content:center}
.large h2{font-size:26px}
.large.pictured{display:flex;width:720px}
.large .art{width:45%;max-height:none;flex:none}
.mini{width:320px}
.mini .body{padding:16px 20px;gap:8px}
.mini h2{font-size:16px}
.caption{display:block;font-size:14px;font-weight:500;padding-bottom:6px}
.caption small{display:inline;font-weight:400}
.caption+.options{padding-top:0}
.main{display:grid;place-items:center;min-height:48px;padding:8px 24px;border-radius:14px;font-weight:600;text-align:center;text-decoration:none;overflow-wrap:anywhere}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}
@keyframes blink{30%{opacity:.3}}
@media (max-width:480px){
.root.open .launcher{display:none}
.root .window{inset:0;width:auto;max-width:none;height:100dvh;border-radius:0}
.root .teaser{left:24px;right:24px;width:auto}
.composer textarea,.field{font-size:16px}
.root .card{inset:auto 0 0;margin:0;width:auto;max-width:none;border-radius:20px 20px 0 0}
.large .body{padding:32px 24px}
.large.pictured{flex-direction:column}
.root .art{width:100%;max-height:160px}
}
@media (prefers-reduced-motion:reduce){*{animation:none!important}}`;

  let host = null;
  let root = null;
  let accentSheet = null;
  const parts = {};

  const adopt = text => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet];
    return sheet;
  };

  /** Whichever is easier to read on the colour. */
  const inkOn = colour => {
    if (!/^#[0-9a-f]{6}$/i.test(colour)) return '#fff';
    const [red, green, blue] = [1, 3, 5].map(at => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.36 ? '#14171c' : '#fff';
  };

  const darkScheme = matchMedia('(prefers-color-scheme: dark)');

  const drawLook = () => {
    const colour = CSS.supports('color', tab.look.colour || '') && !/[;{}]/.test(tab.look.colour) ? tab.look.colour : '#3b5bdb';
    accentSheet.replaceSync(`.root{--accent:${colour};--ink:${inkOn(colour)}}`);
    root.classList.toggle('dark', tab.look.theme === 'dark' || (tab.look.theme !== 'light' && darkScheme.matches));
    root.classList.toggle('left', tab.look.side === 'left');
    root.lang = language();
  };

  const refresh = () => {
    keep();
    drawLook();
    drawHeader();
    drawLauncher();
    drawNotice();
    drawFeed();
  };

  // --- The chat: launcher, window, feed, composer ---

  const buildChat = () => {
    host = make('desk-widget');
    host.attachShadow({ mode: 'open' });
    accentSheet = adopt('');
    adopt(STYLE);
    root = make('div', { class: 'root', 'data-desk-ignore': true });
    parts.launcher = make('button', { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog', onclick: toggle });
    parts.teaser = make('div', { role: 'status' });
    parts.voice = make('p', { class: 'hush', role: 'status' });
    parts.heading = make('h2', { id: 'title' });
    parts.online = make('p');
    parts.minimise = iconButton('close', say('hide'), close);
    parts.notice = make('p', { class: 'notice', role: 'status', hidden: true });
    parts.list = make('div', { role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions' });
    parts.typing = make('div', { role: 'status' });
    parts.end = make('p', { class: 'system', role: 'status' });
    parts.feed = make('div', { class: 'feed', tabindex: 0, onscroll: onFeedScroll }, parts.list, parts.typing, parts.end);
    parts.jump = make('button', { type: 'button', class: 'jump', hidden: true, onclick: scrollToEnd });
    buildComposer();
    parts.window = make('section', { class: 'window', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
      make('header', { class: 'head' }, make('div', {}, parts.heading, parts.online), parts.minimise),
      parts.notice, parts.feed, parts.jump, parts.composer);
    parts.window.addEventListener('keydown', event => event.key === 'Escape' && close());
    parts.window.addEventListener('dragover', event => event.preventDefault());
    parts.window.addEventListener('drop', event => {
      event.preventDefault();
      attach(event.dataTransfer.files);
    });
    root.append(parts.launcher, parts.teaser, parts.voice, parts.window);
    host.shadowRoot.append(root);
    // The shop's own shortcuts must not fire.
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
    parts.picker = make('input', { type: 'file', multiple: true, hidden: true });
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
      // A telephone's keyboard has no Shift+Enter.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || onTouch()) return;
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
    parts.text.rows = Math.min(5, parts.text.value.split('\n').length); // `field-sizing` does better where it is known
  };

  let typingTold = 0;
  const tellTyping = text => {
    if (!welcomed || Date.now() - typingTold < 2000) return;
    typingTold = Date.now();
    transmit({ type: 'typing', text: text.slice(0, 1000) });
  };

  const drawHeader = () => {
    parts.heading.textContent = tab.look.title || say('title');
    parts.online.textContent = say(operatorsOnline ? 'online' : 'away');
    parts.online.className = operatorsOnline ? 'online' : '';
    parts.list.setAttribute('aria-label', tab.look.title || say('title'));
    for (const [part, word] of [['minimise', 'hide'], ['clip', 'attach'], ['send', 'send'], ['text', 'write']]) {
      parts[part].setAttribute('aria-label', say(word));
    }
    parts.text.placeholder = say('write');
    parts.jump.textContent = say('down');
    growComposer();
  };

  const drawLauncher = () => {
    const count = tab.open ? 0 : unread().length;
    const label = tab.open ? say('hide') : say('open') + (count ? `, ${say('unread')}${count}` : '');
    parts.launcher.setAttribute('aria-label', label);
    parts.launcher.setAttribute('aria-expanded', tab.open);
    parts.launcher.replaceChildren(icon(tab.open ? 'down' : 'chat'));
    if (count) parts.launcher.append(make('span', { class: 'badge', 'aria-hidden': 'true' }, count > 99 ? '99+' : String(count)));
  };

  const drawNotice = () => {
    parts.notice.hidden = welcomed || !attempts;
    parts.notice.textContent = parts.notice.hidden ? '' : say('offline');
  };

  const atEnd = () => parts.feed.scrollHeight - parts.feed.scrollTop - parts.feed.clientHeight < 48;
  let atEndBefore = true;
  const scrollToEnd = () => { parts.feed.scrollTop = parts.feed.scrollHeight; };
  const onFeedScroll = () => {
    atEndBefore = atEnd();
    if (!atEndBefore) return;
    parts.jump.hidden = true;
    tellSeen();
  };

  const drawn = new Map(); // id → [what was drawn, its element]
  const keyOf = message => message.client_id || message.id;
  const isMine = message => message.author.kind === 'visitor';

  const viewOf = (message, index, shown) => {
    const [previous, next] = [shown[index - 1], shown[index + 1]];
    const day = at => new Date(at).toDateString();
    const sameHand = other => other && authorName(other.author) === authorName(message.author);
    const sameDay = previous && day(previous.at) === day(message.at);
    const later = shown.slice(index + 1);
    const answered = later.some(item => (foreign(item) && (item.options || item.input)) || (message.input && !message.options && isMine(item)));
    return {
      message,
      day: sameDay || day(message.at) === day(Date.now()) ? '' : format(message.at, { day: 'numeric', month: 'long' }),
      first: !sameDay || !sameHand(previous) || Boolean(previous.chosen),
      last: !sameHand(next) || next.at - message.at > 300e3,
      active: !message.closed && !message.chosen && !answered,
      chosen: chosenLabel(message, next),
      seen: message.seq <= tab.operatorSeen,
      language: language(),
    };
  };

  /** Only what has changed: half-typed answers and the reader's place stay. */
  const drawFeed = () => {
    const shown = withGreeting();
    const elements = shown.map((message, index) => drawView(viewOf(message, index, shown)));
    const grown = elements.some(element => !element.isConnected);
    const last = shown[shown.length - 1];
    const alone = welcomed && !operatorsOnline && last && last.seq && isMine(last);
    const word = last && tab.status === 'closed' ? 'ended' : alone && 'nobody';
    parts.end.textContent = word ? say(word) : '';
    elements.forEach((element, index) => {
      const there = parts.list.children[index];
      if (there !== element) parts.list.insertBefore(element, there || null);
    });
    while (parts.list.children.length > elements.length) parts.list.lastChild.remove();
    if (grown && !atEndBefore) parts.jump.hidden = !tab.open;
    if (atEndBefore) scrollToEnd();
    tellSeen();
  };

  const drawView = view => {
    const signature = JSON.stringify(view);
    const [old, element] = drawn.get(keyOf(view.message)) || [];
    if (old === signature) return element;
    const fresh = drawMessage(view);
    drawn.set(keyOf(view.message), [signature, fresh]);
    if (element) {
      const focused = element.contains(host.shadowRoot.activeElement);
      element.replaceWith(fresh);
      if (focused) (fresh.querySelector('.field, .option') || focusTarget()).focus({ preventScroll: true });
    }
    return fresh;
  };

  /** On a telephone the keyboard would hide the conversation. */
  const focusTarget = () => (onTouch() ? parts.minimise : parts.text);

  const openedAt = Date.now();
  const withGreeting = () => {
    if (tab.messages.length || !tab.look.greeting) return tab.messages;
    return [{ id: 'greeting', author: { kind: 'bot', name: tab.look.title || '' }, text: tab.look.greeting, at: openedAt }];
  };

  /** The option taken, unless the same words follow as his own message. */
  const chosenLabel = (message, next) => {
    const option = message.chosen && (message.options || []).find(item => item.id === message.chosen);
    if (!option) return '';
    const stars = message.options.map((_, index) => (index > message.options.indexOf(option) ? '☆' : '★'));
    if (starsFor(message)) return `${stars.join('')} ${option.label}`;
    const typed = next && isMine(next) && (next.text || '').trim().toLowerCase();
    return typed === option.label.trim().toLowerCase() ? '' : option.label;
  };

  const authorName = ({ kind, name }) => (kind === 'visitor' ? say('you') : name || say(kind === 'bot' ? 'bot' : 'team'));

  const drawMessage = view => {
    const { message } = view;
    const mine = isMine(message);
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
    if (!last && !message.pending && !message.edited_at) return null;
    const meta = make('p', { class: 'meta' }, make('time', {}, format(message.at, { hour: '2-digit', minute: '2-digit' })));
    if (message.edited_at) meta.append(say('edited'));
    if (isMine(message)) {
      const state = message.pending ? ['clock', 'sending'] : seen ? ['ticks', 'seen'] : ['tick', 'sent'];
      meta.append(icon(state[0]), make('span', { class: 'hush' }, say(state[1])));
    }
    return meta;
  };

  /** Below a question: buttons, a form, or the answer. */
  const drawAnswers = ({ message, active, chosen }, block) => {
    if (chosen) {
      block.append(make('div', { class: 'row mine first last' }, make('p', { class: 'hush' }, say('you')), make('div', { class: 'bubble', dir: 'auto' }, chosen)));
    } else if (active && message.options) {
      block.append(drawOptions(message));
    } else if (active && message.input === 'rating') {
      block.append(drawButtons([...'12345'], score => write({ text: score }), 'stars'));
    } else if (active && message.input === 'file') {
      block.append(drawButtons([say('attach')], () => parts.picker.click()));
    } else if (active && INPUTS[message.input]) {
      block.append(drawAsk(message));
    }
  };

  const drawButtons = (labels, onpick, kind = '') =>
    make('div', { class: `options ${kind}`, role: 'group', 'aria-label': say('answers') }, labels.map((label, index) =>
      make('button', { type: 'button', class: 'option', dir: 'auto', onclick: () => onpick(label, index) }, label)));

  const starsFor = message => (message.input === 'rating' ? 'stars' : '');
  const drawOptions = message =>
    drawButtons(message.options.map(option => option.label), (_, index) => choose(message, message.options[index]), starsFor(message));

  const drawAsk = message => {
    const field = drawField({ input: message.input, label: say(message.input), required: true }, `ask:${message.id}`, true);
    const form = make('form', { class: 'ask', novalidate: true }, field.element,
      make('button', { type: 'submit', class: 'go', 'aria-label': say('send') }, icon('send')));
    form.addEventListener('submit', event => {
      event.preventDefault();
      if (!field.check()) return field.focus();
      const text = field.value();
      keepDraft(field.draft, '');
      write({ text });
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
    tab.status = tab.status === 'closed' ? 'open' : tab.status;
    atEndBefore = true;
    refresh();
  };

  let uploads = []; // a browser cannot keep files for the next page

  const attach = files => {
    for (const file of files) {
      const id = randomId();
      const own = { id, client_id: id, author: { kind: 'visitor' }, at: Date.now(), files: [{ name: file.name, size: file.size }] };
      if (file.size > MAX_FILE_BYTES) own.refused = say('tooBig');
      else {
        own.pending = true;
        uploads.push({ id, file });
      }
      addMessage(own);
    }
    atEndBefore = true;
    refresh();
    uploadWaiting();
  };

  let uploading = false;

  const uploadWaiting = async () => {
    if (uploading) return;
    uploading = true;
    while (welcomed && uploads.length) {
      const { id, file } = uploads[0];
      try {
        const answer = await fetch(`${BASE}v1/widget/files?name=${encodeURIComponent(file.name)}`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': file.type || 'application/octet-stream' },
          body: file,
        });
        const content = await answer.json().catch(() => ({}));
        if (answer.ok && content.id) write({ files: [content], id });
        else changeMessage(id, { pending: false, refused: content.detail || file.name });
        uploads = uploads.filter(upload => upload.id !== id);
      } catch { // the network went away in the middle
        setTimeout(uploadWaiting, 5000);
        break;
      }
    }
    uploading = false;
  };

  let typingTimer = 0;
  const showTyping = name => {
    const dots = make('div', { class: 'dots' }, make('i'), make('i'), make('i'), make('span', { class: 'hush' }, `${name || say('team')}${say('typing')}`));
    if (!parts.typing.firstChild) parts.typing.replaceChildren(dots);
    if (atEndBefore) scrollToEnd();
    clearTimeout(typingTimer);
    typingTimer = setTimeout(() => parts.typing.replaceChildren(), 6000);
  };
  const showWindow = () => {
    parts.window.hidden = !tab.open;
    root.classList.toggle('open', tab.open);
    parts.window.setAttribute('aria-modal', tab.open && innerWidth <= 480);
    if (tab.open) {
      tease();
      atEndBefore = true;
      scrollToEnd();
    }
    refresh();
  };

  const setOpen = next => {
    if (tab.open === next) return false;
    tab.open = next;
    showWindow();
    emit(tab.open ? 'open' : 'close');
    return true;
  };
  const open = () => {
    if (!setOpen(true)) return;
    track('Chat Opened', where());
    focusTarget().focus({ preventScroll: true });
  };
  const close = () => {
    const inside = parts.window.contains(host.shadowRoot.activeElement);
    if (setOpen(false) && inside) parts.launcher.focus({ preventScroll: true });
  };
  const toggle = () => (tab.open ? close() : open());

  /** The newest unread message, beside the launcher. */
  const tease = () => {
    const message = unread().pop();
    parts.teaser.replaceChildren();
    if (tab.open || !message || tab.teased === message.id) return;
    const putAway = () => {
      tab.teased = message.id;
      keep();
      parts.teaser.replaceChildren();
    };
    const text = (message.text || '').slice(0, 240) || (message.files || []).map(file => file.name).join(', ');
    parts.teaser.replaceChildren(make('div', { class: 'teaser' },
      make('div', { class: 'top' }, make('span', { dir: 'auto' }, authorName(message.author)), iconButton('close', say('close'), putAway)),
      make('button', { type: 'button', class: 'text', dir: 'auto', onclick: open }, text || '…'),
      message.options && !message.chosen && !message.closed && drawOptions(message)));
  };

  // --- Pop-ups ---

  let popup = null;
  let waitingPopups = [];

  const showPopup = data => {
    if (tab.ended.includes(data.id) || (popup && popup.data.id === data.id)) return;
    waitingPopups = waitingPopups.filter(item => item.id !== data.id);
    if (popup) return void waitingPopups.push(data);
    popup = { data, fields: [] };
    drawPopup();
    emit('popup', data);
  };

  const placeOf = ({ size, position = '' }) => {
    if (size === 'large') return '';
    // Opposite to the launcher, unless the scenario says otherwise.
    const mine = tab.look.side === 'left' ? 'left' : 'right';
    const side = (/left|right/.exec(position) || [mine === 'left' ? 'right' : 'left'])[0];
    if (/top/.test(position)) return `to${side} atop`;
    return `to${side} bottom ${side === mine ? 'over' : ''}`;
  };

  const drawPopup = () => {
    const { data } = popup;
    const modal = data.size === 'large';
    const art = data.image && picture(data.image, 'art');
    const card = make('dialog', {
      class: `card ${data.size} ${art ? 'pictured' : ''} ${placeOf(data)}`,
      role: 'dialog', 'aria-labelledby': 'popup-title', 'aria-describedby': 'popup-text',
    },
    art, iconButton('close', say('close'), () => finishPopup('closed'), 'x'),
    make('div', { class: 'body' },
      make('h2', { id: 'popup-title', dir: 'auto' }, data.title || ''),
      make('div', { id: 'popup-text', class: 'text', dir: 'auto', hidden: !data.text }, linked(data.text || '')),
      drawPopupForm(data)));
    const dismiss = event => {
      event.preventDefault();
      finishPopup('closed');
    };
    card.addEventListener('cancel', dismiss); // Esc of a modal one, and "back" on a telephone
    card.addEventListener('keydown', event => event.key === 'Escape' && dismiss(event));
    card.addEventListener('click', event => modal && outside(card, event) && dismiss(event));
    popup.card = card;
    root.append(card);
    if (modal) card.showModal();
    else {
      card.setAttribute('open', '');
      parts.voice.textContent = `${data.title}. ${data.text}`; // without focus it still has to be heard
    }
    const first = card.querySelector('input, .main');
    if (modal && first) first.focus({ preventScroll: true });
  };

  /** On the backdrop: the target is the card, the place is not. */
  const outside = (card, { target, detail, clientX, clientY }) => {
    const box = card.getBoundingClientRect();
    if (target !== card || !detail) return false;
    return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
  };

  const drawPopupForm = ({ id, button, fields = [] }) => {
    if (button && button.link && !fields.length) {
      return anchor(button.link, button.label, 'main', () => finishPopup('clicked'));
    }
    if (!button && !fields.length) return null;
    popup.fields = fields.map(field => drawField(field, `popup:${id}:${field.name}`));
    popup.fault = make('p', { class: 'fault', role: 'alert', hidden: true });
    popup.button = make('button', { type: 'submit', class: 'main' }, (button && button.label) || say('send'));
    const form = make('form', { class: 'fields', novalidate: true }, popup.fields.map(field => field.element), popup.fault, popup.button);
    form.addEventListener('submit', event => {
      event.preventDefault();
      submitPopup();
    });
    return form;
  };

  const submitPopup = () => {
    const { data, fields } = popup;
    const wrong = fields.filter(field => !field.check());
    if (wrong.length) return wrong[0].focus();
    const values = {};
    for (const field of fields) if (field.value()) values[field.name] = field.value();
    const outcome = fields.length ? 'submitted' : 'clicked';
    popup.button.disabled = true;
    enqueue({ type: 'popup_outcome', popup: data.id, outcome, ...(fields.length && { fields: values }) });
    const link = data.button && data.button.link && safeLink(data.button.link);
    if (link) location.assign(link);
    else if (!welcomed) endPopup(data.id); // it waits in the queue: the visitor need not
  };

  const finishPopup = outcome => {
    if (!popup) return;
    enqueue({ type: 'popup_outcome', popup: popup.data.id, outcome });
    endPopup(popup.data.id);
  };

  const popupRefused = (id, reason) => {
    if (!popup || popup.data.id !== id || !popup.fault) return;
    popup.button.disabled = false;
    popup.fault.hidden = false;
    popup.fault.textContent = reason;
  };

  /** It is not shown again in this tab. */
  const endPopup = id => {
    tab.ended = [...tab.ended, id].slice(-50);
    keep();
    waitingPopups = waitingPopups.filter(item => item.id !== id);
    if (!popup || popup.data.id !== id) return;
    for (const field of popup.fields) keepDraft(field.draft, '');
    if (popup.card.contains(host.shadowRoot.activeElement)) parts.launcher.focus({ preventScroll: true });
    popup.card.close(); // a modal one gives the focus back to where it was
    popup.card.remove();
    popup = null;
    if (waitingPopups.length) showPopup(waitingPopups.shift());
  };

  // --- Start ---

  /** Without an id `identify(traits)`. */
  const identify = (id, traits, hash) => {
    if (id && typeof id === 'object') [id, traits] = ['', id];
    enqueue({ type: 'identify', user_id: String(id ?? ''), user_hash: String(hash ?? ''), traits: { ...traits } });
  };

  /** For a log-out on a shared computer. */
  const reset = () => {
    disconnect();
    forgetVisitor();
    queue = [];
    saveQueue();
    uploads = [];
    told.delivered = told.seen = 0;
    if (popup) endPopup(popup.data.id);
    parts.text.value = '';
    parts.teaser.replaceChildren();
    setOpen(false);
    refresh();
    connect();
  };

  const on = (event, callback) => {
    (listeners[event] = listeners[event] || []).push(callback);
  };

  const api = { track, identify, page, open, close, on, reset };
  api.push = (...calls) => {
    for (const call of calls) {
      try {
        const [name, ...values] = call;
        if (name !== 'push' && Object.hasOwn(api, name)) api[name](...values);
      } catch (error) { console.warn('desk:', error.message); }
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
