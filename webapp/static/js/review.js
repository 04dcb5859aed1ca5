// The review queue by keyboard: each key presses the button or link that carries it.

const IN_TEXT = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest(IN_TEXT)) {
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
