// The terminal gets the keyboard as soon as it shows something: before, its socket could not tell the console so.
const first = new MutationObserver(() => {
  const keyboard = document.querySelector(".xterm-helper-textarea");
  if (keyboard && document.body.classList.contains("-first-byte")) {
    first.disconnect();
    keyboard.focus();
  }
});
addEventListener("DOMContentLoaded", () => first.observe(document.body, { attributeFilter: ["class"] }));
