// Line focus and reading aloud: the sentence that is being read is marked. base.js fetches this file for those who
// want one of the two.

const PACES = { slow: 0.75, normal: 1, brisk: 1.25, fast: 1.5 };
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const COVERED_PX = 56; // by what sticks to the edges of the text: the controls above, the switch below
const root = document.documentElement;

/** The sentence being read, at most one. It is known by its id: a check replaces the text by the server's. */
class Place {
  #id = "";

  constructor(passage, bringIntoView) {
    this.passage = passage;
    this.bringIntoView = bringIntoView;
    new MutationObserver(() => this.#mark()).observe(passage, { childList: true });
  }

  get current() {
    return this.#id ? document.getElementById(this.#id) : null;
  }

  /** The sentence so many further on; from nowhere, the first that is not scrolled past. */
  at(step) {
    const all = [...this.passage.querySelectorAll(".sentence")];
    const here = all.indexOf(this.current);
    if (here >= 0) {
      return all[here + step];
    }
    const [top] = this.#window();
    return all.find((sentence) => sentence.getBoundingClientRect().bottom > top) ?? all[0];
  }

  go(sentence) {
    this.#id = sentence?.id ?? "";
    this.#mark();
  }

  /** Whether any of it, or all of it, is to be seen. */
  isSeen(sentence, whole = false) {
    const [top, bottom] = this.#window();
    const box = sentence.getBoundingClientRect();
    return whole ? box.top >= top + COVERED_PX && box.bottom <= bottom - COVERED_PX : box.bottom > top && box.top < bottom;
  }

  show(sentence) {
    if (!this.isSeen(sentence, true)) {
      this.bringIntoView(sentence);
    }
  }

  #window() {
    const box = this.passage.getBoundingClientRect();
    return [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
  }

  #mark() {
    const now = this.current;
    this.passage.querySelectorAll(".is-current").forEach((old) => old !== now && old.classList.remove("is-current"));
    now?.classList.add("is-current");
  }
}

/** One sentence after the other. Pausing is stopping and beginning the sentence again, which every browser can. */
class Voice {
  #saying = null; // held on to, or some browsers forget it and never say that it has ended
  state = "stopped";

  constructor(bar, place) {
    this.bar = bar;
    this.place = place;
    [this.play, this.end] = bar.querySelectorAll("button");
    this.pace = bar.querySelector("select");
    this.end.addEventListener("click", () => this.stop());
    this.pace.addEventListener("change", () => this.state === "reading" && this.#say());
    addEventListener("pagehide", () => this.stop());
  }

  toggle() {
    if (this.state === "reading") {
      this.#hush();
      this.#show("paused");
      return;
    }
    if (!this.place.current) {
      this.place.go(this.place.at(0));
    }
    this.#show("reading");
    this.#say();
  }

  stop() {
    if (this.state === "stopped") {
      return;
    }
    this.#hush();
    if (document.activeElement?.closest(".aloud")) {
      this.play.focus();
    }
    this.#show("stopped");
    if (root.dataset.lines === "off") {
      this.place.go(null);
    }
  }

  #show(state) {
    this.state = state;
    this.play.textContent = this.bar.dataset[state];
    this.bar.classList.toggle("is-on", state !== "stopped");
    this.end.hidden = this.pace.parentElement.hidden = state === "stopped";
  }

  #hush() {
    this.#saying = null;
    speechSynthesis.cancel();
  }

  #say() {
    this.#hush();
    const sentence = this.place.current;
    if (!sentence) {
      this.stop(); // the text has changed under us
      return;
    }
    const words = wordsOf(sentence);
    if (!/[\p{L}\p{N}]/u.test(words)) {
      this.#next();
      return;
    }
    const saying = new SpeechSynthesisUtterance(words);
    saying.lang = this.place.passage.lang;
    saying.rate = PACES[this.pace.value];
    saying.addEventListener("end", () => this.#saying === saying && this.#next());
    saying.addEventListener("error", () => this.#saying === saying && this.stop());
    this.#saying = saying;
    speechSynthesis.speak(saying);
  }

  #next() {
    const last = this.place.current;
    const next = last && this.place.at(1);
    if (!next) {
      this.stop();
      return;
    }
    const isFollowed = this.place.isSeen(last);
    this.place.go(next);
    if (isFollowed) {
      this.place.show(next); // who has gone on to the questions is left there
    }
    this.#say();
  }
}

/** A sentence without the words that only say that it is evidence. */
function wordsOf(sentence) {
  const copy = sentence.cloneNode(true);
  copy.querySelectorAll(".visually-hidden").forEach((hidden) => hidden.remove());
  return copy.textContent;
}

/** The pointer, a tap, the arrow keys, or going to a mark choose the sentence that stays lit. */
function watchLines(place, isFree) {
  const { passage } = place;
  const choose = ({ target }) => {
    const sentence = target.matches(".para") ? target.parentElement.querySelector(".sentence") : target.closest(".sentence");
    if (sentence && isFree()) {
      place.go(sentence);
    }
  };
  ["pointermove", "pointerdown", "focusin"].forEach((name) => passage.addEventListener(name, choose));
  passage.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const isOther = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.target.closest(".aloud");
    const sentence = step && !isOther && isFree() && place.at(step);
    if (sentence) {
      event.preventDefault();
      place.go(sentence);
      place.show(sentence);
    }
  });
}

/** Take over the text of a section. `toggle` begins, pauses and goes on reading aloud; `lines` follows the panel. */
export function watch(passage, bar, bringIntoView) {
  const place = new Place(passage, bringIntoView);
  const voice = new Voice(bar, place);
  watchLines(place, () => root.dataset.lines !== "off" && voice.state !== "reading");
  return {
    toggle: () => voice.toggle(),
    lines() {
      if (voice.state === "stopped") {
        place.go(root.dataset.lines === "off" ? null : place.current ?? place.at(0));
      }
    },
  };
}
