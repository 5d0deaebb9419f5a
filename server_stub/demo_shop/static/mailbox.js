// The mailbox: moments on the visitor's clock, and a list that brings itself up to date. It never looks into a letter.
(() => {
  "use strict";
  const EVERY = 3000; // ms between two looks at the list
  const list = document.querySelector("[data-list]");
  const today = new Date().toDateString();

  const showTimes = (root) => {
    for (const time of root.querySelectorAll("time")) {
      const at = new Date(time.dateTime);
      const clock = { hour: "2-digit", minute: "2-digit" };
      time.textContent = at.toDateString() === today
        ? at.toLocaleTimeString(document.documentElement.lang, clock)
        : at.toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "short", ...clock });
    }
  };

  let last = "";
  const look = async () => {
    try {
      if (document.visibilityState === "visible") {
        const answer = await fetch(`${location.pathname}/list${location.search}`, { cache: "no-store" });
        const html = answer.ok ? await answer.text() : last;
        if (html !== last && last) {
          const focused = document.activeElement?.closest("[data-list] a")?.getAttribute("href");
          list.innerHTML = html; // escaped by the server, and scripts from elsewhere are forbidden
          showTimes(list);
          if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
        }
        last = html;
      }
    } catch {
      // The demo was stopped: what is here stays, and the next look may find it again.
    }
    setTimeout(look, EVERY);
  };

  showTimes(document);
  look();
})();
