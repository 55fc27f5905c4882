// A promise that refuses when it takes too long.
export function inTime(promise, patienceMs) {
  const late = new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), patienceMs));
  return Promise.race([promise, late]);
}

// A network may swallow what is sent without a word: nobody waits for its answer for ever.
export async function ask(address, request, patienceMs, read) {
  const impatience = new AbortController();
  const giveUp = setTimeout(() => impatience.abort(), patienceMs);
  try {
    return await read(await fetch(address, { ...request, credentials: "same-origin", signal: impatience.signal }));
  } finally {
    clearTimeout(giveUp);
  }
}
