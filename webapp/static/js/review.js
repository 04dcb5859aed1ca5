// The review queue by keyboard: each key presses the button or link that carries it. Who speaks to the computer, or
// brushes keys by accident, switches that off.

const IN_TEXT = "input, textarea, select, [contenteditable]";
const KEYS_OFF = "readcheck:review-keys-off";
const root = document.documentElement;
const box = document.querySelector("[data-keys]");

if (box) {
  const toggle = box.querySelector("input");
  box.hidden = false;
  try {
    toggle.checked = !localStorage.getItem(KEYS_OFF);
  } catch {}
  root.toggleAttribute("data-keys-off", !toggle.checked);
  toggle.addEventListener("change", () => {
    root.toggleAttribute("data-keys-off", !toggle.checked);
    try {
      toggle.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1");
    } catch {}
  });
}

document.addEventListener("keydown", (event) => {
  const isElsewhere = event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest(IN_TEXT);
  if (isElsewhere || root.hasAttribute("data-keys-off")) {
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) {
    return;
  }
  event.preventDefault();
  target.click();
  const field = target.closest("details.reject")?.querySelector("input[name=reason]");
  if (field) {
    // The field is there once the details are open.
    requestAnimationFrame(() => field.focus());
  }
});
