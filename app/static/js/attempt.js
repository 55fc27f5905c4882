// An exam at work: every change is saved at once, in order, and kept until the server has it.
// The newest change of each question stays in memory and in this tab's storage; the clock is the server's.
import { restore, snapshot } from "./controls.js";
import { unsay } from "./fragments.js";
import { ask } from "./patience.js";

const TYPED = "input.typed, input.blank";
const TYPING_PAUSE_MS = 400;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000, 30000];
const CLOCK_MS = 60_000; // out of sight it only asks
const HERE_MS = 25_000; // in sight it also says that it is there: a page not heard for 60 s counts as cut off
const REPLY_MS = 10_000; // a request without an answer by then counts as lost: it is sent again
const GRACE_MS = 16_000; // the server takes changes 15 s longer than the clock shows
const pending = new Map(); // question's place -> { seq, fields: [[name, value]…], refused? }
const seen = new Map(); // question's place -> its fields as they were looked at last
let page = null; // what the page at work says of itself
let sending = null;
let timer = 0;
let failures = 0;
let stopped = false;
let closed = null; // the controls that the end of the time has closed, until time is given

export function enhanceAttempt(root) {
  const form = root.querySelector("form[data-attempt]");
  if (!form || form === page?.form) return;
  const first = page === null;
  page = { form, id: form.dataset.attempt, epoch: Number(form.dataset.epoch) };
  seen.clear();
  if (first) begin();
  if (closed) closeAgain();
  recall();
  forgetStored();
  if (!pending.size) return;
  say(unsent().size ? "saving" : "refused");
  soon(0);
}

// What the server has refused stays with the tab, and is not sent again until it is typed again.
const unsent = () => new Map([...pending].filter(([, change]) => !change.refused));
const refusedPlaces = () => [...pending].filter(([, change]) => change.refused).map(([place]) => place);

// A page that is sent whole is newer than any change on its way: its unsaved questions get numbers of their own.
function stamp(form) {
  for (const section of form.querySelectorAll("[data-position]")) {
    const place = Number(section.dataset.position);
    if (!pending.has(place)) continue;
    pending.set(place, { seq: nextSeq(), fields: snapshot(section) });
    form.elements.namedItem(`q${place}-seq`).value = String(pending.get(place).seq);
  }
  keep();
}

function begin() {
  document.addEventListener("input", (event) => onChange(event, event.target.matches(TYPED) ? TYPING_PAUSE_MS : 0));
  document.addEventListener("change", (event) => onChange(event, 0));
  document.addEventListener("rappel:clock", (event) => onClock(event.detail));
  document.addEventListener("submit", (event) => onSubmit(event), true);
  document.addEventListener("keydown", onEnter);
  window.addEventListener("online", () => {
    soon(0);
    askClock();
  });
  window.addEventListener("beforeunload", (event) => {
    if ((pending.size || sending) && !stopped) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => isInSight() && sayHere());
  setInterval(() => isInSight() && sayHere(), HERE_MS);
  setInterval(() => isInSight() || askClock(), CLOCK_MS);
  if (document.readyState !== "complete") sayHere(); // of one that began without leaving the page its start has told
}

function onChange(event, pause) {
  const section = event.target.closest("[data-position]");
  if (!section || stopped || !page.form.contains(section)) return;
  const place = Number(section.dataset.position);
  const fields = snapshot(section);
  if (seen.get(place) === JSON.stringify(fields)) return; // the browser tells of one change twice
  seen.set(place, JSON.stringify(fields));
  pending.set(place, { seq: nextSeq(), fields });
  keep();
  showOverview(place, section);
  say("saving");
  soon(pause);
}

function onSubmit(event) {
  if (event.target !== page.form) return;
  if (stopped) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  stamp(page.form);
}

// On one long page, Enter in a field saves and stays; elsewhere it goes on.
function onEnter(event) {
  if (event.key !== "Enter" || page.form.dataset.layout !== "page") return;
  if (!event.target.matches(TYPED)) return;
  event.preventDefault();
  soon(0);
}

function soon(pause) {
  clearTimeout(timer);
  timer = setTimeout(flush, pause);
}

async function flush() {
  const batch = unsent();
  if (sending || stopped || !batch.size) return;
  sending = post(batch);
  const outcome = await sending;
  sending = null;
  settle(batch, outcome);
}

async function post(batch) {
  const body = new URLSearchParams({ csrf_token: page.form.elements.namedItem("csrf_token").value, epoch: page.epoch });
  for (const [place, change] of batch) {
    body.append("shown", place);
    body.append(`q${place}-seq`, change.seq);
    for (const [name, value] of change.fields) body.append(name, value);
  }
  try {
    return await ask(page.form.dataset.save, { method: "POST", body }, REPLY_MS, async (response) => {
      if (response.redirected || response.status === 400) return await refusal(response);
      if (!isJson(response)) return { state: "unreachable" };
      return await response.json();
    });
  } catch {
    return { state: "unreachable" };
  }
}

const isJson = (response) => response.headers.get("Content-Type")?.startsWith("application/json");

async function refusal(response) {
  return isJson(response) ? await response.json() : { state: "signed-out" };
}

function settle(batch, outcome) {
  if (outcome.state === "unreachable") {
    say("unsaved");
    soon(closed ? RETRY_MS[0] : RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]); // after the end there are seconds left
    failures += 1;
    return;
  }
  failures = 0;
  if (outcome.state === "signed-out") {
    say("signed-out");
    return;
  }
  if (outcome.state === "elsewhere" || outcome.state === "over") {
    stop(outcome.state);
    return;
  }
  for (const [place, change] of batch) {
    if (pending.get(place)?.seq !== change.seq) continue;
    if (outcome.questions?.includes(place)) change.refused = true;
    else pending.delete(place);
  }
  keep();
  document.dispatchEvent(new CustomEvent("rappel:clock", { detail: outcome }));
  if (unsent().size) soon(0);
  else if (pending.size) say("refused");
  else say("saved", outcome.words);
}

// The newest change of each question, kept with the tab: it survives a reload and a crash of the browser.
function storageKey() {
  return `rappel-attempt-${page.id}`;
}

function keep() {
  try {
    if (pending.size) sessionStorage.setItem(storageKey(), JSON.stringify({ epoch: page.epoch, changes: [...pending] }));
    else sessionStorage.removeItem(storageKey());
  } catch {
    // without storage the memory still holds them
  }
}

function recall() {
  let stored = null;
  try {
    stored = JSON.parse(sessionStorage.getItem(storageKey()));
  } catch {
    return;
  }
  if (!stored?.changes?.length) return;
  // This browser took the attempt over from itself when its epoch is the next one: nobody else came between.
  if (stored.epoch < page.epoch - 1) {
    showLeftover(stored.changes);
    sessionStorage.removeItem(storageKey());
    return;
  }
  for (const [place, change] of stored.changes) {
    if (pending.has(place)) continue;
    const renewed = stored.epoch === page.epoch ? change : { ...change, seq: nextSeq() };
    pending.set(place, renewed);
    const section = page.form.querySelector(`[data-position="${place}"]`);
    if (section && Number(section.dataset.seq) < renewed.seq) restore(section, renewed.fields);
  }
}

// A page that came from the server holds what it has stored: those changes need not be sent again.
function forgetStored() {
  for (const section of page.form.querySelectorAll("[data-position]")) {
    const place = Number(section.dataset.position);
    if (pending.has(place) && pending.get(place).seq <= Number(section.dataset.seq)) pending.delete(place);
  }
  keep();
}

// Numbers of changes go up across the tabs of this browser, so that the last one typed is the one that stays.
function nextSeq() {
  const key = `${storageKey()}-${page.epoch}`;
  const shown = [...page.form.querySelectorAll("[data-seq]")].map((section) => Number(section.dataset.seq));
  const known = [...pending.values()].map((change) => change.seq);
  let last = 0;
  try {
    last = Number(localStorage.getItem(key)) || 0;
  } catch {
    last = 0;
  }
  const next = Math.max(last, ...shown, ...known) + 1;
  try {
    localStorage.setItem(key, String(next));
  } catch {
    // known and shown still go up
  }
  return next;
}

function say(state, words = "") {
  const states = page.form.querySelector("[data-states]");
  const told = states.querySelector("[data-saved]");
  states.querySelector("[data-saving]").hidden = state !== "saving";
  told.classList.toggle("visually-hidden", state === "saving");
  if (state === "saving") return;
  const key = { unsaved: "unsaved", refused: "refused", "signed-out": "signedOut" }[state];
  told.classList.toggle("saved-no", Boolean(key));
  const icon = told.querySelector("use");
  icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, key ? "#unsaved" : "#saved"));
  const wanted = (key ? told.dataset[key] : words).replace("%1", refusedPlaces().join(", "));
  const place = told.querySelector("[data-words]");
  if (place.textContent !== wanted) place.textContent = wanted;
}

function showOverview(place, section) {
  const mark = page.form.querySelector(`[data-place="${place}"]`);
  const done = snapshot(section).some(([name, value]) => value !== "" && !name.endsWith("-flag"));
  const flagged = snapshot(section).some(([name]) => name.endsWith("-flag"));
  if (!mark) return;
  mark.classList.toggle("done", done);
  mark.classList.toggle("flag", flagged);
  const words = [mark.dataset.name, done ? mark.dataset.done : mark.dataset.open, ...(flagged ? [mark.dataset.flag] : [])];
  mark.setAttribute("aria-label", words.join(", "));
  const total = page.form.querySelectorAll("[data-place]").length;
  const answered = page.form.querySelectorAll("[data-place].done").length;
  for (const [name, count] of [["done", answered], ["open", total - answered], ["flag", page.form.querySelectorAll("[data-place].flag").length]])
    page.form.querySelector(`[data-count="${name}"]`).textContent = String(count);
}

function notice(name) {
  const place = document.querySelector("[data-notices]");
  const template = document.querySelector(`template[data-notice="${name}"]`);
  if (!place || !template) return null;
  place.replaceChildren(template.content.cloneNode(true));
  place.scrollIntoView({ block: "center" });
  return place;
}

// Nothing more can be saved here: say so, keep what was typed in sight, take no more.
function stop(why) {
  stopped = true;
  clearTimeout(timer);
  const place = notice(why);
  const lost = place?.querySelector("[data-lost]");
  if (lost) lost.hidden = pending.size === 0;
  page.form.querySelector("[data-states]").hidden = true;
  closeFields();
  if (why === "over") {
    pending.clear();
    keep();
  }
}

function closeFields() {
  closed = [...page.form.elements].filter((control) => control.type !== "hidden" && !control.disabled);
  for (const control of closed) control.disabled = true;
}

// A page that came after the end is closed too, unless it says that time was given.
function closeAgain() {
  closed = null;
  if (document.querySelector("[data-timer]")?.dataset.remaining === "0") closeFields();
}

function openFields() {
  for (const control of closed ?? []) control.disabled = false;
  closed = null;
}

function showLeftover(changes) {
  const place = notice("leftover")?.querySelector("[data-leftover]");
  for (const [question, change] of changes) {
    const line = document.createElement("pre");
    line.textContent = `${question}. ${change.fields.filter(([name]) => !name.endsWith("-flag")).map(([, value]) => value).join(", ")}`;
    place?.append(line);
  }
}

const isInSight = () => document.visibilityState === "visible";

const askClock = () => hearClock(page.form.dataset.clock, {});

function sayHere() {
  const body = new URLSearchParams({ csrf_token: page.form.elements.namedItem("csrf_token").value, epoch: page.epoch });
  return hearClock(page.form.dataset.here, { method: "POST", body });
}

async function hearClock(address, request) {
  if (stopped) return;
  try {
    const found = await ask(address, request, REPLY_MS, async (response) => (isJson(response) ? await response.json() : null));
    if (!found) return;
    if (found.over) stop("over");
    else if (found.epoch !== page.epoch) stop("elsewhere");
    else document.dispatchEvent(new CustomEvent("rappel:clock", { detail: found }));
  } catch {
    // the next time
  }
}

// The countdown has reached its end: no more is taken, what is pending goes now, then the server says whether it is over.
export function endOfTime() {
  if (!page || stopped) return;
  notice("ending");
  closeFields();
  soon(0);
  askClock();
  setTimeout(askClock, GRACE_MS);
}

function onClock({ remaining }) {
  unsay(page.form); // the server is there
  if (stopped || !(remaining > 0)) return;
  document.querySelector("[data-notices] [data-ending]")?.remove(); // time was given
  openFields();
}
