// The page's own script. Everything works without it; it spares waits and reloads.
import { enhanceAttempt } from "./attempt.js";
import { enhanceCountdown } from "./countdown.js";
import { enhanceForms } from "./fragments.js";
import { enhanceLive } from "./live.js";
import { enhanceOpening } from "./opening.js";
import { guardPack } from "./offline-guard.js";
import { enableShortcuts } from "./shortcuts.js";
import { enhanceOrdering } from "./ordering.js";
import { startTimer } from "./timer.js";

function prepare(root) {
  enhanceOrdering(root);
  startTimer(root);
  enhanceAttempt(root);
  enhanceCountdown(root);
  enhanceOpening(root);
}

// A newcomer's time zone, so that their study day starts in their own night.
function tellZone() {
  for (const form of document.querySelectorAll('form[action$="/account/guest"], form[action$="/account/register"]')) {
    const field = form.elements.namedItem("zone") ?? form.appendChild(document.createElement("input"));
    field.type = "hidden";
    field.name = "zone";
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  }
}

tellZone();
prepare(document);
if (document.activeElement === document.body) {
  const first = document.querySelector("main [data-focus]") ?? document.querySelector("main [data-question]");
  first?.focus({ preventScroll: true });
}
enhanceForms(prepare);
enableShortcuts();
enhanceLive(document);
guardPack();
