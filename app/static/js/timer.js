// How long an answer takes, in milliseconds, counted from the moment its question is on screen.
let shownAt = performance.now();

export function startTimer() {
  shownAt = performance.now();
}

export function stampDuration(form) {
  const field = form.elements.namedItem("took_ms");
  if (field) field.value = String(Math.round(performance.now() - shownAt));
}
