/* The page of a preview: follows the edit, and lets what was closed be looked at again. */
(() => {
  'use strict';

  const own = document.currentScript;
  const { revision, token, kind } = own.dataset;
  const AGAIN_AFTER = 100; // ms: two changes at once are one; who types rests before the console tells of it

  // What the widget keeps in the browser is of this showing alone.
  for (const area of [localStorage, sessionStorage]) {
    for (const name of Object.keys(area)) if (name.startsWith(`desk.${token}`)) area.removeItem(name);
  }

  const again = () => location.reload();
  document.getElementById('again').addEventListener('click', again);

  const following = new EventSource(`changes?revision=${revision}`);
  following.addEventListener('changed', () => {
    following.close();
    setTimeout(again, AGAIN_AFTER);
  });
  following.addEventListener('over', () => {
    following.close();
    document.body.classList.add('over');
  });

  if (kind === 'popup' || kind === 'chat') {
    window.desk = kind === 'chat' ? [['open']] : []; // what it is to do once it is there
    const widget = document.createElement('script');
    widget.src = 'widget.js';
    widget.dataset.key = `${token}.${Date.now()}`;
    document.body.append(widget);
  }
})();
