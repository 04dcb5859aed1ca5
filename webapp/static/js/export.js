// Exporting scores: the first rows follow the choices. Without this file the button "Preview" shows them.

const PAUSE_MS = 250;
const form = document.getElementById("export");
const place = document.querySelector("[data-preview]");
const status = document.querySelector("[data-status]");
let timer = 0;
let asked = 0;

/** Ask for the first rows, or for what the choices lack. What is older than the last question is dropped. */
async function show() {
  asked += 1;
  const mine = asked;
  try {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Requested-With": "fetch" },
    });
    const text = await answer.text();
    if (answer.ok && mine === asked) {
      place.innerHTML = text;
      status.textContent = place.querySelector("[data-summary]").textContent;
    }
  } catch {
    // Without a connection the old rows stay; the download will say so.
  }
}

form.querySelector("[data-preview-button]").hidden = true;
form.addEventListener("change", () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE_MS);
});
