// Niceties of every page; each page works without this file.

const root = document.documentElement;
const words = document.body.dataset;
const ACTED = "readcheck-acted";
const AGAIN_MS = 2000;
const VOICES_MS = 1000;

/** Give the keyboard to an element, whether or not it takes focus by itself. */
export function focusOn(element, options) {
  if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) {
    element.tabIndex = -1;
  }
  element.focus(options);
}

/** Say that the next page is the answer to an action. */
export function expectAnswer() {
  sessionStorage.setItem(ACTED, "1");
}

/** After an action the page that answers it has the keyboard where the answer is, never on the body. */
function focusOnAnswer() {
  const refused = document.querySelector("[data-focus]");
  const acted = sessionStorage.getItem(ACTED);
  sessionStorage.removeItem(ACTED);
  if (refused) {
    focusOn(refused);
  } else if (acted && (document.activeElement === document.body || !document.activeElement)) {
    const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const answer = named || document.querySelector("[data-flash]") || document.querySelector("h1");
    focusOn(answer || document.getElementById("main"), { preventScroll: !named });
  }
}

/** Links of an error summary lead into their field, to evidence into the text, numbers to their paragraph; the
    keyboard goes along. */
function followInside(event) {
  const number = event.target.closest?.(".para");
  if (number) {
    setTimeout(() => number.focus({ preventScroll: true })); // a browser takes the keyboard away from it
  }
  const link = event.target.closest?.(".error-summary a[href^='#'], a[data-jump], a[data-back]");
  const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!target) {
    return;
  }
  event.preventDefault();
  if ("jump" in link.dataset) {
    const sentence = showPlace(target, link);
    bringIntoView(sentence);
    focusOn(sentence, { preventScroll: true });
    return;
  }
  const field = target.matches("fieldset") && target.querySelector("input:checked, input");
  target.scrollIntoView({ block: "center" });
  focusOn(field || target, { preventScroll: true });
}

/** To the middle of its own scroll region where it has one, else to the middle of the window. */
function bringIntoView(element) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = calm ? "auto" : "smooth";
  const region = element.closest(".passage");
  if (region && getComputedStyle(region).overflowY === "auto") {
    const [box, frame] = [element.getBoundingClientRect(), region.getBoundingClientRect()];
    const wanted = region.scrollTop + box.top - frame.top - region.clientHeight / 3;
    const top = Math.max(0, Math.min(wanted, region.scrollHeight - region.clientHeight));
    const moved = region.scrollTop - top;
    region.scrollTo({ top, behavior });
    if (frame.top < 0 || box.top + moved < 0 || box.bottom + moved > innerHeight) {
      region.scrollIntoView({ block: "start", behavior }); // it is not wholly in the window itself
    }
  } else {
    element.scrollIntoView({ block: "center", behavior });
  }
}

/** Mark the evidence that was asked for, and offer the way back to the question. */
function showPlace(target, link) {
  document.querySelectorAll(".is-here").forEach((old) => old.classList.remove("is-here"));
  document.querySelectorAll(".way-back").forEach((old) => old.remove());
  let sentence = target; // several anchors may stand before one sentence
  while (!sentence.matches(".sentence, mark") && sentence.nextElementSibling) {
    sentence = sentence.nextElementSibling;
  }
  const mark = sentence.querySelector("mark") || sentence;
  mark.classList.add("is-here");
  link.id ||= `from-${target.id}`;
  const back = document.createElement("a");
  back.className = "way-back";
  back.href = `#${link.id}`;
  back.dataset.back = "";
  back.textContent = words.wordBack;
  sentence.after(" ", back);
  return mark;
}

/** Ask before a form that says so is sent. */
function askFirst(form, submitter) {
  const dialog = document.createElement("dialog");
  const text = Object.assign(document.createElement("p"), { textContent: form.dataset.confirm, id: "ask-first" });
  const buttons = Object.assign(document.createElement("div"), { className: "buttons" });
  const go = Object.assign(document.createElement("button"), {
    className: "button button-danger",
    textContent: submitter?.firstChild?.textContent.trim() || words.wordGoOn,
  });
  const stay = Object.assign(document.createElement("button"), {
    className: "button button-secondary",
    textContent: words.wordCancel,
    autofocus: true,
  });
  go.addEventListener("click", () => {
    dialog.close();
    form.dataset.confirmed = "";
    form.requestSubmit(submitter);
  });
  stay.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    submitter?.focus();
  });
  dialog.setAttribute("aria-labelledby", "ask-first");
  buttons.append(go, stay);
  dialog.append(text, buttons);
  document.body.append(dialog);
  dialog.showModal();
}

/** Answers that wait to be sent (attempt.js) belong to who signs out. */
function forgetUnsent() {
  try {
    Object.keys(localStorage)
      .filter((key) => key.startsWith("readcheck:unsent:"))
      .forEach((key) => localStorage.removeItem(key));
  } catch {
    // Storage is blocked, so nothing is in it.
  }
}

/** What was sent just now, by its form. */
const sent = new Map();

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented) {
    return;
  }
  if (form.dataset.confirm && !("confirmed" in form.dataset)) {
    event.preventDefault();
    askFirst(form, event.submitter);
    return;
  }
  const choices = JSON.stringify([...new FormData(form, event.submitter)]);
  if (sent.get(form) === choices) {
    event.preventDefault(); // a second click on the same button
    return;
  }
  // not form.action: a button may be named "action"
  if (form.getAttribute("action")?.endsWith("/sign-out")) {
    forgetUnsent();
  }
  sent.set(form, choices);
  setTimeout(() => sent.delete(form), AGAIN_MS); // the answer may be a download, and the page stay
  expectAnswer();
}

/** The reading panel, and what belongs to its form elsewhere, takes effect at once and is kept in the background. */
function watchPanel(panel) {
  const form = panel.querySelector("form");
  document.addEventListener("change", async (event) => {
    if (event.target.form !== form) {
      return;
    }
    root.dataset[event.target.name] = event.target.value;
    try {
      await fetch(form.getAttribute("action"), {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
    } catch {
      // The page keeps the choice until it is left; the next change is sent with all others.
    }
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.open) {
      panel.open = false;
      panel.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (panel.open && !panel.contains(event.target)) {
      panel.open = false;
    }
  });
}

/** One button that goes between text and questions on narrow screens and finds each where it was left. */
function watchReader(reader) {
  const passage = reader.querySelector(".passage");
  const check = reader.querySelector(".check");
  if (!passage || !check) {
    return;
  }
  const bar = Object.assign(document.createElement("div"), { className: "switch" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button" });
  const left = new Map();
  const asking = () => check.getBoundingClientRect().top < innerHeight / 2;
  const name = () => {
    button.textContent = asking() ? words.wordShowText : words.wordShowQuestions;
  };
  button.addEventListener("click", () => {
    const from = asking() ? check : passage;
    const to = from === check ? passage : check;
    left.set(from, scrollY);
    scrollTo({ top: left.get(to) ?? scrollY + to.getBoundingClientRect().top - 8 });
    focusOn(to, { preventScroll: true });
    name();
  });
  addEventListener("scroll", name, { passive: true });
  addEventListener("resize", name);
  name();
  bar.append(button);
  reader.append(bar);
}

/** Line focus and reading aloud are fetched when they are wanted: most readers want neither. */
function watchAids(passage, bar) {
  const [controls, sorry] = bar.children;
  const play = bar.querySelector("button");
  let loading;
  const load = () => {
    loading ??= import("./reading.js")
      .then((module) => module.watch(passage, bar, bringIntoView))
      .catch(() => (loading = undefined));
    return loading;
  };
  const lines = async () => {
    if (loading || root.dataset.lines !== "off") {
      (await load())?.lines();
    }
  };
  const offer = (isLast) => {
    const voices = window.speechSynthesis?.getVoices() ?? [];
    const language = (tag) => tag.split(/[-_]/)[0].toLowerCase();
    controls.hidden = !voices.some((voice) => language(voice.lang) === language(passage.lang));
    sorry.hidden = !isLast || !controls.hidden;
  };
  document.addEventListener("change", (event) => event.target.name === "lines" && lines());
  ["pointerover", "focusin"].forEach((hint) => bar.addEventListener(hint, load, { once: true }));
  play.addEventListener("click", async () => (await load())?.toggle());
  window.speechSynthesis?.addEventListener?.("voiceschanged", () => offer(true));
  offer(!window.speechSynthesis);
  setTimeout(offer, VOICES_MS, true); // some browsers load their voices late
  new MutationObserver(() => {
    // A check replaces the text and all that stands in it.
    const fresh = document.getElementById(bar.id);
    if (fresh !== bar) {
      fresh?.replaceWith(bar);
    }
  }).observe(passage, { childList: true });
  lines();
}

focusOnAnswer();
document.addEventListener("click", followInside);
document.addEventListener("submit", onSubmit);
addEventListener("pageshow", () => sent.clear());
document.addEventListener("change", (event) => {
  event.target.closest("form[data-autosubmit]")?.requestSubmit();
});
document.querySelectorAll("details.panel").forEach(watchPanel);
document.querySelectorAll(".reader").forEach(watchReader);
document.querySelectorAll(".aloud").forEach((bar) => watchAids(bar.parentElement, bar));
