// The page that a device keeps: asks the cards of its pack one by one, keeps the answers, sends them when it can.
import { snapshot } from "./controls.js";
import { changed, settled } from "./fragments.js";
import { credit } from "./offline-marking.js";
import { flush } from "./offline-send.js";
import { enqueue, read, serverNow } from "./offline-store.js";
import { enhanceOrdering } from "./ordering.js";

const RETRY_MS = 30_000;
const LOOKS = { right: "check", near: "near", wrong: "cross", open: "book" };
const place = document.querySelector("[data-offline-place]");
const status = document.querySelector("[data-offline-status]");
let pack = null;
let card = null;
let shownAt = 0;
let sending = false;
let problem = "";
let expired = false;

function message(name) {
  place.replaceChildren(document.querySelector(`template[data-offline-page="${name}"]`).content.cloneNode(true));
  focusOn("[data-focus]");
}

function focusOn(selector) {
  (place.querySelector(selector) ?? place.querySelector("[data-question]") ?? place.querySelector("h1"))?.focus({ preventScroll: true });
}

function fragment(html) {
  return document.importNode(new DOMParser().parseFromString(html, "text/html").body, true).childNodes;
}

async function next() {
  const found = await read();
  pack = found.pack ?? pack;
  card = pack && found.cards.find((one) => one.from <= serverNow(pack));
  changed();
  window.scrollTo(0, 0);
  if (card) return show();
  if (expired || found.expired) return message("expired");
  if (!found.pack) return message("none");
  message(found.cards.length ? "later" : "done");
}

function show() {
  place.replaceChildren(...fragment(card.html));
  enhanceOrdering(place);
  shownAt = performance.now();
  place.querySelector("form").addEventListener("submit", onCheck);
  focusOn("[data-focus]");
}

async function onCheck(event) {
  event.preventDefault();
  if (!settled()) return;
  const form = event.target;
  const fields = event.submitter?.name === "dont_know" ? [["dont_know", "1"]] : snapshot(form).filter(([, value]) => value !== "");
  if (card.type === "flashcard") return reveal(form);
  if (!fields.length) {
    const words = document.querySelector('template[data-offline-page="missing"]').content.cloneNode(true);
    form.querySelector("[data-offline-missing]").replaceChildren(words);
    return;
  }
  if (!(await keep({ fields }))) return;
  reveal(form);
  if (card.key.choices || card.key.value) showChosen(form);
  const earned = credit(card.key, fields);
  verdict(earned === null ? "open" : earned === 1 ? "right" : earned > 0 ? "near" : "wrong");
}

function reveal(form) {
  form.querySelector("[data-offline-fields]").disabled = true;
  form.querySelector("[data-offline-actions]").remove();
  form.querySelector("[data-offline-missing]").replaceChildren();
  place.querySelector("[data-offline-feedback]").append(...fragment(card.answer));
  place.querySelector("[data-offline-feedback]").classList.add("stack-l");
  place.querySelector("[data-offline-next]")?.addEventListener("click", () => settled() && next());
  for (const button of place.querySelectorAll("[data-offline-grade]")) button.addEventListener("click", onGrade);
  changed();
  focusOn("[data-offline-verdict] [data-focus], [data-offline-feedback] [data-focus]");
  place.querySelector("[data-offline-verdict]").scrollIntoView({ block: "nearest" });
}

async function onGrade(event) {
  const grade = event.currentTarget.value;
  if (settled() && (await keep({ fields: [], grade }))) next();
}

// The list of the feedback has the choices in the order of the form: what was chosen is marked there, once.
function showChosen(form) {
  const chosen = [...form.querySelectorAll(".choice input")].map((one) => one.checked);
  const lines = place.querySelectorAll("[data-offline-verdict] .choices > li");
  form.querySelector(".choices").closest("fieldset").hidden = true;
  lines.forEach((line, index) => {
    if (!chosen[index]) return;
    const right = line.classList.contains("choice-right");
    if (!right) line.classList.replace("choice-rest", "choice-wrong");
    const tag = line.querySelector(".tag") ?? document.createElement("span");
    tag.className = "tag";
    tag.textContent = right ? place.dataset.rightYours : place.dataset.yours;
    line.querySelector("span").after(tag);
  });
}

function verdict(look) {
  const section = place.querySelector("[data-offline-verdict]");
  section.classList.add(`verdict-${look}`);
  section.querySelector("[data-words]").textContent = place.dataset[look];
  const icon = section.querySelector("h2 use");
  icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, `#${LOOKS[look]}`));
  if (look === "open") section.querySelector("h2").after(...document.querySelector('template[data-offline-page="open"]').content.cloneNode(true).childNodes);
}

async function keep(answer) {
  const { answer_id, question, version, edition, ticket } = card;
  const known = { answer_id, question, version, edition, ticket, account: pack.account };
  const times = { answered_at: Math.floor(serverNow(pack) / 1000), took_ms: Math.round(performance.now() - shownAt) };
  try {
    const kept = await enqueue({ ...known, ...times, ...answer });
    await tell();
    send();
    if (kept) return true;
    say(document.querySelector('template[data-offline-page="elsewhere"]').content.cloneNode(true));
    await next();
  } catch {
    problem = "full";
    await tell().catch(() => null);
  }
  return false;
}

function say(words) {
  document.querySelector("[data-offline-told]").append(words);
}

async function send() {
  if (sending) return;
  sending = true;
  const report = await flush().catch(() => ({ state: "unreachable", words: [] }));
  sending = false;
  problem = ["signed-out", "foreign"].includes(report.state) ? report.state : "";
  for (const words of report.words) {
    const line = document.createElement("p");
    line.textContent = words;
    say(line);
  }
  await tell();
}

// "Kept on this device: 7 answers", and what has to be done to send them.
async function tell() {
  const { queue } = await read();
  const words = queue.length === 0 ? status.dataset.sent : queue.length === 1 ? status.dataset.one : status.dataset.many.replace("%1", String(queue.length));
  if (status.textContent !== words) status.textContent = words;
  for (const part of document.querySelectorAll("[data-offline-problem]")) part.hidden = part.dataset.offlineProblem !== problem;
}

function dress() {
  if (["light", "dark"].includes(pack?.theme)) document.documentElement.dataset.theme = pack.theme;
  if (pack?.shortcuts === false) document.body.dataset.shortcuts = "off";
}

async function start() {
  ({ pack, expired } = await read());
  dress();
  await tell();
  await next();
  send();
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  setInterval(send, RETRY_MS);
}

start().catch(() => message("refused"));
