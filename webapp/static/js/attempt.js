// Answers are saved as they are given, questions checked without a new page. All of it works without this file:
// every request here goes where the form would have gone, and what is shown is the server's own HTML.

import { focusOn } from "./base.js";

const UNSENT = "readcheck:unsent:";
const KEYS_OFF = "readcheck:keys-off";
const KEPT_MS = 24 * 60 * 60 * 1000;
const TYPING_PAUSE_MS = 500;
const PATIENCE_MS = 10000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30000;
const OFFER_AFTER = 3; // tries in vain
const PAGE = location.pathname + location.search; // with its #place a link would only go there

const form = document.getElementById("answers");
const line = document.getElementById("save-state");
const news = document.getElementById("save-news");

/** Local storage may be blocked, full, or on a shared computer; then answers that wait are kept by this page alone. */
const store = {
  all() {
    try {
      return Object.entries({ ...localStorage }).filter(([key]) => key.startsWith(UNSENT));
    } catch {
      return [];
    }
  },
  set(key, value) {
    if (form && "shared" in form.dataset) {
      return; // others use this computer
    }
    try {
      localStorage.setItem(key, value);
    } catch {}
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {}
  },
};

function unsentOf(attempt) {
  return store.all().filter(([key]) => key.startsWith(`${UNSENT}${attempt}:`));
}

function parsed(text) {
  try {
    const entries = JSON.parse(text);
    return Array.isArray(entries) ? entries.filter((entry) => Date.now() - entry?.at < KEPT_MS) : [];
  } catch {
    return [];
  }
}

function forgetOld() {
  for (const [key, text] of store.all()) {
    if (!parsed(text).length) {
      store.remove(key);
    }
  }
}

function token() {
  return document.querySelector('input[name="csrf_token"]').value;
}

function pathOf(url) {
  return new URL(url, location.href).pathname;
}

/** Why an answer cannot be sent now: whoever asked is signed out, or somebody else is signed in. */
class NotOurs extends Error {}

/** POST a form's fields; a token that is out of date is fetched anew once. Throws NotOurs. */
async function post(url, fields, accept, mayRenew = true) {
  const response = await fetch(url, {
    method: "POST",
    body: new URLSearchParams([["csrf_token", token()], ...fields]),
    headers: { Accept: accept },
    keepalive: true,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status === 401 || (form && response.redirected && pathOf(response.url) === pathOf(form.dataset.signIn))) {
    throw new NotOurs("signedOut");
  }
  if (response.status === 400 && mayRenew) {
    await renewToken();
    return post(url, fields, accept, false);
  }
  return response;
}

/** A token that is good again, from the page as it is now. Throws NotOurs where it is no longer this attempt's. */
async function renewToken() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector(`#answers[data-attempt="${form.dataset.attempt}"] input[name="csrf_token"]`);
  if (!fresh) {
    const isSignedOut = page.querySelector(`header a[href="${form.dataset.signIn}"]`);
    throw new NotOurs(isSignedOut || response.redirected ? "signedOut" : "gone");
  }
  document.querySelectorAll('input[name="csrf_token"]').forEach((input) => (input.value = fresh.value));
}

/** "Saved 12:03", "Saving", "Not saved, retrying (2 waiting)": said aloud only when it turns bad, and good again. */
class SaveState {
  isBad = false;

  constructor() {
    const time = line.querySelector("time");
    if (time) {
      this.#say(this.#saved(time.dateTime));
    }
  }

  #saved(at) {
    const time = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    return line.dataset.saved.replace("{time}", time);
  }

  #say(text, link = null) {
    line.textContent = text;
    if (link) {
      const anchor = Object.assign(document.createElement("a"), { href: link.href, textContent: link.text });
      line.append(" ", anchor);
    }
  }

  good(at) {
    if (at) {
      this.#say(this.#saved(at));
    }
    line.classList.remove("is-bad");
    if (this.isBad) {
      news.textContent = line.dataset.backAgain;
    }
    this.isBad = false;
  }

  saving() {
    if (!this.isBad) {
      this.#say(line.dataset.saving);
    }
  }

  bad(text, link = null) {
    this.#say(text, link);
    line.classList.add("is-bad");
    if (!this.isBad) {
      news.textContent = line.textContent;
    }
    this.isBad = true;
  }

  waiting(count) {
    this.bad(line.dataset.waiting.replace("{count}", count));
  }

  gone() {
    this.bad(line.dataset.gone);
  }

  signedOut() {
    const back = `${form.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`;
    this.bad(line.dataset.signedOut, { href: back, text: line.dataset.signInWord });
  }
}

/** What could not be sent, as a file that an instructor can hand in. It is made here: there may be no connection. */
function offerFile(attempt, entries) {
  const box = document.getElementById("unsent");
  if (!box) {
    return;
  }
  const [words, button] = box.children;
  const count = String(entries.length || "");
  if ((box.dataset.count ?? "") !== count) {
    words.textContent = count && box.dataset.offer.replace("{count}", count);
  }
  box.dataset.count = count;
  if (!count && document.activeElement === button) {
    focusOn(line);
  }
  button.hidden = !count;
  button.onclick = () => {
    const name = `readcheck-unsent-answers-${attempt}.json`;
    const time = (ms) => new Date(ms).toISOString();
    const answers = entries.map(({ position, client_id, client_sequence, at, fields }) => {
      return { position, client_id, client_sequence, at: time(at), fields };
    });
    const head = { format: "readcheck-unsent-answers", version: 1, attempt: Number(attempt), module: box.dataset.module };
    const text = JSON.stringify({ ...head, made_at: time(Date.now()), answers }, null, 2);
    const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), PATIENCE_MS);
    words.classList.remove("visually-hidden");
    words.textContent = box.dataset.kept.replace("{name}", name);
  };
}

/** The attempt is over: what this browser still keeps of it may have arrived all the same; what did not is offered. */
async function settle(done) {
  const attempt = done.dataset.attemptDone;
  const lost = new Map();
  for (const [key, text] of unsentOf(attempt)) {
    const kept = [];
    for (const entry of parsed(text)) {
      const reply = await post(done.dataset.save, fieldsOf(entry), "application/json", false).catch(() => null);
      const isOurs = reply?.headers.get("Content-Type")?.startsWith("application/json");
      if (!isOurs || !(reply.ok || reply.status === 422)) {
        kept.push(entry);
        lost.set(entry.position, entry);
      }
    }
    if (kept.length) {
      store.set(key, JSON.stringify(kept));
    } else {
      store.remove(key);
    }
  }
  offerFile(attempt, [...lost.values()]);
}

/** What this page knows of the attempt: how many saves the server has counted. More than ours came from elsewhere. */
class Others {
  #known = Number(form?.dataset.sequence ?? 0);

  /** The number that a save of ours was given. */
  saved(sequence) {
    const isAlone = sequence <= this.#known + 1;
    this.#known = Math.max(this.#known, sequence);
    return isAlone ? null : this.show();
  }

  /** What a page that we asked for was told. */
  knows(sequence) {
    this.#known = Math.max(this.#known, sequence);
  }

  async #facts() {
    const response = await fetch(form.dataset.clock, { headers: { Accept: "application/json" } });
    return response.ok ? response.json() : {};
  }

  async isOver() {
    return (await this.#facts()).is_open === false;
  }

  /** Ask whether another window saved, as when this one comes to the front again. */
  async ask() {
    const { sequence, is_open } = await this.#facts();
    if (is_open === false) {
      if (!("unsent" in form.dataset)) {
        location.reload(); // else what waits is offered as a file first
      }
    } else if (sequence > this.#known) {
      this.#known = sequence;
      await this.show();
    }
  }

  /** Take over what other windows answered, but for the questions that are being answered here. */
  async show() {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!page.querySelector(`#answers[data-attempt="${form.dataset.attempt}"]`)) {
      return;
    }
    addNew(page);
    for (const fresh of page.querySelectorAll("#answers [data-question]")) {
      const stale = document.getElementById(fresh.id);
      const isHere = stale?.contains(document.activeElement) || queue.isWaiting(Number(fresh.dataset.question));
      if (stale && !isHere && stale.outerHTML !== fresh.outerHTML) {
        stale.replaceWith(fresh);
      }
    }
    news.textContent = line.dataset.elsewhere;
  }
}

/** Answers on their way to the server, one at a time, the newest of each question. */
class Queue {
  #client = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => (byte % 36).toString(36)).join("");
  #sequence = 0;
  #waiting = new Map();
  #running = null;
  #retryMs = FIRST_RETRY_MS;
  #timer = 0;
  #failures = 0;
  #attempt;
  #key;

  constructor(attempt, state) {
    this.#attempt = attempt;
    this.#key = `${UNSENT}${attempt}:${this.#client}`;
    this.state = state;
  }

  /** Take over what an earlier page left unsent: show it, and send it under the key it had. */
  adopt(attempt) {
    for (const [key, text] of unsentOf(attempt)) {
      for (const entry of parsed(text)) {
        const question = questionAt(entry.position);
        if (question) {
          fill(question, entry.fields);
          this.#waiting.set(entry.position, entry);
        }
      }
      store.remove(key);
    }
    this.#keep();
    return this.run();
  }

  entryFor(position, fields) {
    const waiting = this.#waiting.get(position);
    if (waiting && JSON.stringify(waiting.fields) === JSON.stringify(fields)) {
      return waiting;
    }
    return { position, fields, client_id: this.#client, client_sequence: ++this.#sequence, at: Date.now() };
  }

  add(position, fields) {
    this.#waiting.set(position, this.entryFor(position, fields));
    this.#keep();
    return this.run();
  }

  isWaiting(position) {
    return this.#waiting.has(position);
  }

  drop(position) {
    this.#waiting.delete(position);
    this.#keep();
  }

  run() {
    clearTimeout(this.#timer);
    this.#running ??= this.#sendAll().finally(() => (this.#running = null));
    return this.#running;
  }

  /** When the page goes away nothing waits its turn; what is not acknowledged is sent again by the next page. */
  hurry() {
    for (const entry of this.#waiting.values()) {
      post(form.action, fieldsOf(entry), "application/json", false).catch(() => {});
    }
  }

  #offer() {
    offerFile(this.#attempt, [...this.#waiting.values()]);
  }

  #keep() {
    form.toggleAttribute("data-unsent", this.#waiting.size > 0);
    if (this.#waiting.size) {
      store.set(this.#key, JSON.stringify([...this.#waiting.values()]));
    } else {
      store.remove(this.#key);
    }
  }

  async #sendAll() {
    while (this.#waiting.size) {
      const [entry] = this.#waiting.values();
      this.state.saving();
      const outcome = await this.#send(entry);
      if (outcome === "again") {
        this.state.waiting(this.#waiting.size);
        if (++this.#failures >= OFFER_AFTER) {
          this.#offer();
        }
        this.#timer = setTimeout(() => this.run(), this.#retryMs);
        this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
        return;
      }
      if (outcome === "stop") {
        this.#offer();
        return;
      }
      this.#failures = 0;
      this.#retryMs = FIRST_RETRY_MS;
      if (this.#waiting.get(entry.position) === entry) {
        this.drop(entry.position);
      }
    }
    this.#offer();
  }

  async #send(entry) {
    try {
      const response = await post(form.action, fieldsOf(entry), "application/json");
      const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
      const reply = isJson ? await response.json() : {};
      if (response.ok && typeof reply.sequence === "number") {
        this.state.good(reply.saved_at);
        others.saved(reply.sequence)?.catch(() => {});
        return "saved";
      }
      if (isJson && response.status === 404) {
        throw new NotOurs("gone");
      }
      if (isJson && response.status === 409 && (await others.isOver())) {
        this.state.bad(reply.message, { href: PAGE, text: line.dataset.reload });
        return "stop";
      }
      if (isJson && [400, 409, 413, 422].includes(response.status)) {
        this.state.bad(reply.message);
        return "refused";
      }
    } catch (error) {
      if (error instanceof NotOurs) {
        this.state[error.message]();
        return "stop";
      }
      // Else there is no connection, or no answer in time.
    }
    return "again";
  }
}

function fieldsOf(entry) {
  return [
    ["position", entry.position],
    ["client_id", entry.client_id],
    ["client_sequence", entry.client_sequence],
    ...entry.fields,
  ];
}

function questionAt(position) {
  return document.querySelector(`fieldset[data-question="${position}"]`);
}

function controlsOf(question) {
  return [...question.querySelectorAll("input:not([type=hidden]), select, textarea")];
}

function answerIn(question) {
  return controlsOf(question)
    .filter((control) => (control.type === "radio" || control.type === "checkbox" ? control.checked : control.value))
    .map((control) => [control.name, control.value]);
}

/** An order or a match half given is no answer yet: the server takes all menus or none. */
function isComplete(question) {
  const given = [...question.querySelectorAll("select")].map((select) => Boolean(select.value));
  return given.every(Boolean) || !given.some(Boolean);
}

function fill(question, fields) {
  const values = new Map(fields);
  for (const control of controlsOf(question)) {
    if (control.type === "radio" || control.type === "checkbox") {
      control.checked = values.get(control.name) === control.value;
    } else {
      control.value = values.get(control.name) ?? "";
    }
  }
}

/** What the menus of a question said when the keyboard came to one of them. */
let visit = null;

/** A place (or an answer) given to two lines: the one that had it takes what became free. Arrow keys pass over other
    lines' places on their way: each step begins with what stood there when the keyboard came. */
function exchangePlaces(select) {
  const others = [...select.closest("fieldset").querySelectorAll("select")].filter((other) => other !== select);
  const seen = others.map((other) => other.value);
  if (visit?.has(select)) {
    others.forEach((other) => (other.value = visit.get(other)));
  }
  const former = others.find((other) => select.value && other.value === select.value);
  if (former) {
    const used = new Set([select, ...others].filter((other) => other !== former).map((other) => other.value));
    const free = [...former.options].find((option) => option.value && !used.has(option.value));
    former.value = others.every((other) => other.value) && free ? free.value : "";
  }
  const changed = others.filter((other, at) => other.value !== seen[at]);
  if (changed.length) {
    document.getElementById("moved-news").textContent = changed.map(inWords).join(" "); // for the ear
  }
}

function inWords(select) {
  const words = [...select.labels[0].childNodes].at(-1).textContent.trim();
  const pattern = select.value ? line.dataset.moved : line.dataset.freed;
  return pattern.replace("{line}", words).replace("{place}", select.selectedOptions[0].text);
}

function watchAnswers(queue) {
  let typing = 0;
  let typed = null;
  const save = (question) => {
    clearTimeout(typing);
    typed = null;
    if (isComplete(question)) {
      queue.add(Number(question.dataset.question), answerIn(question));
    } else {
      queue.state.bad(line.dataset.incomplete.replace("{number}", question.dataset.question));
    }
  };
  form.addEventListener("input", (event) => {
    if (event.target.matches("[type=text], textarea")) {
      clearTimeout(typing);
      queue.state.saving();
      typed = event.target.closest("fieldset[data-question]");
      typing = setTimeout(save, TYPING_PAUSE_MS, typed);
    }
  });
  form.addEventListener("focusin", (event) => {
    const menus = event.target.matches("select") ? event.target.closest("fieldset").querySelectorAll("select") : [];
    visit = new Map([...menus].map((menu) => [menu, menu.value]));
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) {
      exchangePlaces(event.target);
    }
    save(event.target.closest("fieldset[data-question]"));
  });
  document.addEventListener("readcheck:time-up", () => typed && save(typed));
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name === "then") {
      return;
    }
    event.preventDefault();
    if (button?.dataset.check) {
      check(queue, button);
      return;
    }
    const question = (button?.name === "clear" ? button : document.activeElement).closest("fieldset[data-question]");
    if (question) {
      if (button?.name === "clear") {
        fill(question, []);
      }
      save(question);
    }
  });
  addEventListener("pagehide", () => queue.hurry());
  addEventListener("online", () => queue.run());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      queue.run();
      others.ask().catch(() => {});
    }
  });
}

/** Grade one question where it stands, and show what the server says of it. */
async function check(queue, button) {
  if (button.ariaDisabled === "true") {
    return;
  }
  button.ariaDisabled = "true";
  const position = Number(button.dataset.check);
  const question = questionAt(position); // none where it was checked, and a similar one is asked for
  const entry = question && queue.entryFor(position, answerIn(question));
  try {
    await queue.run();
    const response = await post(button.formAction, entry ? fieldsOf(entry) : [], "text/html");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const isDone = page.querySelector(`[data-attempt-done="${form.dataset.attempt}"]`);
    if (isDone && !page.getElementById("check")) {
      queue.drop(position);
      location.assign(response.url); // the last question of a module's quiz: its result is another page
      return;
    }
    if (isDone || page.getElementById(`q${position}`)) {
      queue.drop(position);
      show(page, position);
      queue.state.good(page.querySelector("#save-state time")?.dateTime);
      others.knows(Number(page.getElementById("answers")?.dataset.sequence ?? 0));
    } else if (entry && response.status === 409 && (await others.isOver())) {
      queue.add(position, entry.fields);
    } else if (response.status === 409) {
      const words = page.querySelector("main p")?.textContent ?? "";
      queue.state.bad(words, { href: PAGE, text: line.dataset.reload });
    } else {
      throw new Error("not a page of ours");
    }
  } catch (error) {
    if (entry) {
      queue.add(position, entry.fields);
    }
    if (error instanceof NotOurs) {
      queue.state[error.message]();
    } else {
      queue.state.bad(button.dataset.failed ?? line.dataset.unchecked);
    }
  }
  button.removeAttribute("aria-disabled");
}

/** Replace what the check changed by the same parts of the server's page, and go to the feedback; where results
    are released later there is none, and a module's quiz has neither text nor count. */
function show(page, position) {
  const added = addNew(page); // before parts of that page move to this one
  const isDone = !page.getElementById("answers");
  const parts = isDone ? ["check", "pager"] : [`q${position}`, "check-head", "check-foot"];
  for (const id of parts) {
    const fresh = page.getElementById(id);
    if (id === "check") {
      document.getElementById(id).replaceChildren(...fresh.childNodes);
    } else if (fresh) {
      document.getElementById(id).replaceWith(fresh);
    }
  }
  const passage = document.getElementById("passage");
  if (passage) {
    const at = passage.scrollTop;
    passage.replaceChildren(...page.getElementById("passage").childNodes);
    passage.scrollTop = at;
  }
  const places = [`q${position}-feedback`, `q${position}`, "check-foot"].map((id) => document.getElementById(id));
  const next = added ?? places.find(Boolean);
  focusOn(next, { preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** The similar questions that the server's page has and this one lacks, each behind its own; the last of them. */
function addNew(page) {
  let added = null;
  for (const fresh of page.querySelectorAll("#answers [data-question]")) {
    if (!document.getElementById(fresh.id)) {
      added = document.importNode(fresh, true);
      document.getElementById(fresh.previousElementSibling.id).after(added);
    }
  }
  return added;
}

/** 1-9 and A-J choose while the keyboard is in a question; the switch turns that off for good. */
function watchKeys() {
  const box = document.querySelector("[data-keys]");
  const toggle = box?.querySelector("input");
  if (!toggle) {
    return;
  }
  box.hidden = false;
  try {
    toggle.checked = !localStorage.getItem(KEYS_OFF);
    toggle.addEventListener("change", () =>
      toggle.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"),
    );
  } catch {}
  form.addEventListener("keydown", (event) => {
    const isElsewhere = event.target.matches("[type=text], textarea, select") || event.ctrlKey || event.altKey || event.metaKey;
    if (isElsewhere || !toggle.checked || event.key.length !== 1) {
      return;
    }
    const number = "123456789".indexOf(event.key);
    const index = number >= 0 ? number : "abcdefghij".indexOf(event.key.toLowerCase());
    const radio = event.target.closest("fieldset")?.querySelectorAll("[type=radio]")[index];
    if (radio) {
      event.preventDefault();
      radio.focus();
      radio.click();
    }
  });
}

/** Who came by a link is here now: the place to continue. */
function recordPlace() {
  const url = document.querySelector(".reader")?.dataset.open;
  if (url) {
    fetch(url, { method: "POST", body: new URLSearchParams({ csrf_token: token() }), redirect: "manual" }).catch(() => {});
  }
}

forgetOld();
const done = document.querySelector("[data-attempt-done]");
if (done) {
  settle(done);
}
const others = new Others();
const queue = form ? new Queue(form.dataset.attempt, new SaveState()) : null;
if (form) {
  watchAnswers(queue);
  watchKeys();
  queue.adopt(form.dataset.attempt);
}
recordPlace();
