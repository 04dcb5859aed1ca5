// Writing an item: the checklist answers while one types, and selected words of the text become evidence.

const PAUSE_MS = 500;
const form = document.querySelector("[data-authoring]");
const passage = document.getElementById("passage");

/** Ask what the checklist says of the form as it stands. What is older than the last question is dropped. */
function checkWhileTyping() {
  const place = form.querySelector("[data-findings]");
  let timer = 0;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked += 1;
      const mine = asked;
      try {
        const answer = await fetch(form.dataset.checkUrl, {
          method: "POST",
          body: new FormData(form),
          headers: { "X-Requested-With": "fetch" },
        });
        if (answer.ok && mine === asked) {
          place.innerHTML = await answer.text();
        }
      } catch {
        // Without a connection the check waits for "Save": nothing is lost.
      }
    }, PAUSE_MS);
  });
}

/** Selected words of the passage go into the evidence field, on a line of their own. */
function useSelection() {
  const offer = form.querySelector("[data-use-evidence]");
  const field = form.elements.evidence;
  offer.hidden = false;
  let words = "";
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (selection.rangeCount && passage.contains(selection.anchorNode) && passage.contains(selection.focusNode)) {
      const picked = selection.getRangeAt(0).cloneContents();
      for (const hidden of picked.querySelectorAll(".visually-hidden")) {
        hidden.remove();
      }
      words = picked.textContent.replace(/\s+/g, " ").trim() || words;
    }
  });
  offer.querySelector("button").addEventListener("click", () => {
    if (words) {
      field.value = [field.value.trim(), words].filter(Boolean).join("\n");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    field.focus();
  });
}

if (form) {
  checkWhileTyping();
  if (passage) {
    useSelection();
  }
}
