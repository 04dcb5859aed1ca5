// The countdown of a timed attempt. The server's clock decides: the page asks it every few seconds, so that it
// follows when more time is given, and a wrong or changed clock of this computer does no harm.

const ASK_EVERY_MS = 15000;
const PATIENCE_MS = 8000;
const LAST_SAVES_MS = 1500;
const ANNOUNCED_MINUTES = [5, 1];

const line = document.getElementById("time-left");
const news = document.getElementById("time-news");

/** Time since the page was opened, which no change of the computer's clock can move. */
const since = () => performance.now();

let deadline = Date.parse(line.dataset.deadline);
let serverThen = Date.parse(line.dataset.now);
let askedAt = since();
let isOver = false;
const announced = new Set(ANNOUNCED_MINUTES.filter((minutes) => left() < minutes * 60000));

function left() {
  return deadline - (serverThen + since() - askedAt);
}

function inWords(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, at) => (at ? String(part).padStart(2, "0") : String(part))).join(":");
}

function announce() {
  for (const minutes of ANNOUNCED_MINUTES) {
    if (!announced.has(minutes) && left() <= minutes * 60000 && left() > 0) {
      announced.add(minutes);
      news.textContent = minutes === 1 ? line.dataset.minute : line.dataset.minutes.replace("{count}", minutes);
    }
  }
}

function tick() {
  line.textContent = line.dataset.left.replace("{time}", inWords(left()));
  line.classList.toggle("is-short", left() < 60000);
  announce();
  if (left() <= 0 && !isOver) {
    isOver = true;
    end();
  }
}

/** Take over what the server says, and whether the attempt is open; throws where it cannot be asked. */
async function ask() {
  const response = await fetch(`${line.dataset.submit.replace(/submit$/, "clock")}`, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok || response.redirected) {
    throw new Error("no answer of ours");
  }
  const { now, deadline_at, is_open } = await response.json();
  if (!is_open) {
    if (!document.querySelector("[data-unsent]")) {
      location.reload(); // else attempt.js offers what waits as a file
    }
    return false;
  }
  [serverThen, askedAt] = [Date.parse(now), since()];
  const fresh = deadline_at ? Date.parse(deadline_at) : Infinity;
  if (fresh > deadline) {
    ANNOUNCED_MINUTES.filter((minutes) => fresh - serverThen > minutes * 60000).forEach((minutes) => announced.delete(minutes));
    const until = new Date(fresh).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    news.textContent = fresh === Infinity ? "" : line.dataset.moved.replace("{time}", until);
  }
  deadline = fresh;
  return true;
}

/** Nothing is left: unless more was given meanwhile, save what is typed and hand in. */
async function end() {
  const isOpen = await ask().catch(() => false);
  if (left() > 0) {
    isOver = false;
    return;
  }
  line.textContent = line.dataset.up;
  news.textContent = line.dataset.up;
  document.dispatchEvent(new Event("readcheck:time-up"));
  if (isOpen) {
    setTimeout(handIn, LAST_SAVES_MS);
  } else {
    // Without a connection the server itself hands in what was saved; a form would only lose this page.
    setTimeout(end, ASK_EVERY_MS);
  }
}

function handIn() {
  const token = document.querySelector('input[name="csrf_token"]').value;
  const form = Object.assign(document.createElement("form"), { method: "post", action: line.dataset.submit, hidden: true });
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token", value: token }));
  document.body.append(form);
  form.submit();
}

const askAgain = () => ask().catch(() => {});
setInterval(tick, 250);
setInterval(askAgain, ASK_EVERY_MS);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && askAgain());
tick();
