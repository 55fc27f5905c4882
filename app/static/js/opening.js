// A page that waits for an exam to open: at that instant the start takes the place of the wait, without a request.
// For a large class not for all at the very same instant: each page adds a wait of its own, of seconds at most, or the
// last ones to be served would wait for longer.
// The seconds left are the server's: this machine's own date only tells that it slept.
const SLEPT_MS = 5_000;

export function enhanceOpening(root) {
  const place = root.querySelector("[data-opening]");
  const left = Number(place?.dataset.opening);
  if (!place || !Number.isFinite(left) || !place.querySelector("template")) return;
  const promise = place.querySelector("[data-promise]");
  promise.textContent = promise.dataset.promise;
  const opensAt = performance.now() + left * 1000;
  const ownWait = Math.random() * Number(place.dataset.spread);
  let before = performance.now();
  let date = Date.now();
  const ticking = setInterval(tick, 1000);
  tick();

  function tick() {
    const now = performance.now();
    // In sleep one clock of a machine stands still while the other goes on: the difference was slept.
    const slept = Date.now() - date - (now - before);
    if (Math.abs(slept) > SLEPT_MS) return location.reload();
    [before, date] = [now, Date.now()];
    const seconds = Math.max(0, Math.ceil((opensAt - now) / 1000));
    if (seconds === 0) {
      clearInterval(ticking);
      setTimeout(open, ownWait);
    }
    const words = seconds >= 120 ? [place.dataset.minutes, Math.floor(seconds / 60)] : [place.dataset.seconds, seconds];
    place.querySelector("[data-opens]").textContent = words[0].replace("%1", String(words[1]));
  }

  function open() {
    const said = place.querySelector("[data-opened]");
    place.querySelector(".flash").replaceWith(place.querySelector("template").content);
    said.textContent = said.dataset.opened;
    place.querySelector("input:not([type=hidden]), button").focus();
  }
}
