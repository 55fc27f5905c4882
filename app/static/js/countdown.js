// The time left of an exam, counted from what the server said last: this machine's own date is never asked.
import { endOfTime } from "./attempt.js";

const LOW_S = 300;
const SPOKEN_S = [600, 300, 60, 0];
let endsAt = null; // on the monotonic clock of this page, in milliseconds
let before = Infinity;
let ticking = 0;

export function enhanceCountdown(root) {
  const place = root.querySelector("[data-timer]");
  if (!place) return;
  set(Number(place.dataset.remaining));
  if (!ticking) {
    ticking = setInterval(tick, 1000);
    document.addEventListener("rappel:clock", (event) => onClock(event.detail));
  }
  tick();
}

function onClock({ remaining, ends }) {
  if (remaining === null || remaining === undefined) return;
  set(remaining);
  const words = document.querySelector("[data-ends]");
  if (words && ends) words.textContent = ends;
  tick();
}

function set(remaining) {
  endsAt = performance.now() + remaining * 1000;
  if (remaining > 0 && before <= 0) before = remaining + 1; // time was given
}

function tick() {
  const place = document.querySelector("[data-timer]");
  if (!place) return;
  const left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  const shown = left > LOW_S ? place.dataset.minutes.replace("%1", String(Math.floor(left / 60))) : clock;
  place.querySelector("[data-left]").textContent = shown;
  place.classList.toggle("timer-low", left <= LOW_S);
  const passed = SPOKEN_S.find((second) => left <= second && before > second);
  const announce = document.querySelector("[data-announce]");
  if (passed !== undefined && announce && before !== Infinity) announce.textContent = announce.dataset[passed];
  if (left === 0 && before > 0) endOfTime();
  before = left;
}
