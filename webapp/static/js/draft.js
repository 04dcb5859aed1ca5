// Niceties of pages where a section's text is edited; they work without this file.

let changed = false;
const form = document.querySelector("form.draft");

/** Which paragraph the caret stands in, counted from 0. */
function paragraphAt(area) {
  const before = area.value.slice(0, area.selectionStart).trimStart();
  return (before.match(/\n[^\S\n]*\n\s*(?=\S|$)/g) || []).length;
}

/** "Begin a new section with" follows the caret. */
function followCaret(area) {
  const split = area.closest("fieldset")?.querySelector("[data-split]");
  const at = paragraphAt(area);
  if (split && at > 0 && at <= split.options.length) {
    split.selectedIndex = at - 1;
  }
}

/** The count beside the section's number is that of what stands in the field now. */
function countWords(area) {
  const place = area.closest("fieldset")?.querySelector("[data-words]");
  if (place) {
    const count = (area.value.match(/\S+/g) || []).length;
    place.textContent = place.textContent.replace(/[\d.,\s\u202f]*\d/, String(count));
  }
}

form.addEventListener("input", (event) => {
  changed = true;
  if (event.target.matches("[data-section-text]")) {
    countWords(event.target);
  }
});
form.addEventListener("submit", () => {
  changed = false;
});
for (const area of form.querySelectorAll("[data-section-text]")) {
  for (const kind of ["keyup", "click", "select"]) {
    area.addEventListener(kind, () => followCaret(area));
  }
}
addEventListener("beforeunload", (event) => {
  if (changed) {
    event.preventDefault(); // the browser asks whether to leave what was typed
  }
});
