// Sends what waits on the device, one answer after the other: each is dropped once the server says what became of it.
import { dropAnswers, dropCards, forgetWhenEmpty, noteCheck, read, wipePack } from "./offline-store.js";
import { ask as askInTime } from "./patience.js";

const STATE = "/review/offline/state";
const SEND = "/review/queued";
const REPLY_MS = 20_000;

const NOBODY_THERE = [502, 503, 504]; // the others would fare no better

// { state, sent, left, words }: state is "done", "unreachable", "refused" (some answers, for now), "signed-out" or "foreign".
export async function flush() {
  if (!navigator.locks) return send();
  return navigator.locks.request("rappel-send", send); // two tabs take turns
}

async function send() {
  const { pack, cards, queue } = await read();
  const report = { state: "done", sent: 0, left: queue.length, words: [] };
  if (!queue.length && !cards.length) return report;
  const told = await ask(`${STATE}?since=${pack?.made_at ?? 0}&cards=${cards.map((card) => card.question).join(",")}`);
  if (typeof told === "string") return { ...report, state: told };
  const own = queue.filter((entry) => entry.account === told.account);
  noteCheck();
  await leave(pack, cards, told);
  for (const entry of own) {
    const outcome = await ask(SEND, formOf(entry, told.csrf_token));
    if (outcome === "refused") {
      report.state = outcome;
      continue; // one that the server stumbles over holds no other back
    }
    if (typeof outcome === "string" || !outcome.fate || outcome.fate === "foreign")
      return { ...report, state: typeof outcome === "string" ? outcome : "foreign" };
    await dropAnswers([entry.answer_id]);
    report.sent += 1;
    report.left -= 1;
    if (outcome.words && !report.words.includes(outcome.words)) report.words.push(outcome.words);
  }
  await forgetWhenEmpty();
  return own.length < queue.length ? { ...report, state: "foreign" } : report;
}

// The pack of somebody else goes whole, as does one that is too old by the server's clock.
async function leave(pack, cards, told) {
  if (pack && (pack.account !== told.account || told.now > pack.wiped_at)) return wipePack();
  return dropCards(cards.filter((card) => told.gone.includes(card.question)).map((card) => card.answer_id));
}

function formOf(entry, token) {
  const { answer_id, question, version, edition, ticket, answered_at, took_ms, grade } = entry;
  const body = new URLSearchParams({ csrf_token: token, answer_id, question, version, edition, ticket, answered_at, took_ms });
  if (grade !== undefined) body.append("grade", grade);
  for (const [name, value] of entry.fields) body.append(name, value);
  return body;
}

// The server's JSON, or why there is none: a page of a proxy, of the log-in, of an error, or nothing at all.
async function ask(address, body) {
  try {
    return await askInTime(address, { method: body ? "POST" : "GET", body }, REPLY_MS, (response) => {
      if (response.redirected) return "signed-out";
      if (response.headers.get("Content-Type")?.startsWith("application/json")) return response.json();
      return response.ok || NOBODY_THERE.includes(response.status) ? "unreachable" : "refused";
    });
  } catch {
    return "unreachable";
  }
}
