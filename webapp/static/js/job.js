// The page of a running job: shows how far it is without a reload, and reloads once it has ended.

import { expectAnswer } from "./base.js";

const place = document.querySelector("[data-job]");
const bar = place.querySelector("progress");
const words = place.querySelector("span");
const ASK_AGAIN_MS = 700;
const ASK_LATER_MS = 4000;

async function look() {
  let wait = ASK_AGAIN_MS;
  try {
    const answer = await fetch(place.dataset.job, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      location.reload(); // signed out, or the module was deleted: the page says which
      return;
    }
    const job = await answer.json();
    if (job.state !== "queued" && job.state !== "running") {
      expectAnswer();
      location.reload();
      return;
    }
    bar.max = job.total || 1;
    bar.value = job.done;
    if (words.textContent !== job.text) {
      words.textContent = job.text;
      bar.setAttribute("aria-label", job.text);
    }
  } catch {
    wait = ASK_LATER_MS; // offline for a moment
  }
  setTimeout(look, wait);
}

setTimeout(look, ASK_AGAIN_MS);
