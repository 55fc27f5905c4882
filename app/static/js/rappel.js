// The page's own script. Everything works without it; it spares waits and reloads.
import { enhanceForms } from "./fragments.js";
import { enableShortcuts } from "./shortcuts.js";
import { enhanceOrdering } from "./ordering.js";
import { startTimer } from "./timer.js";

function prepare(root) {
  enhanceOrdering(root);
  startTimer(root);
}

prepare(document);
enhanceForms(prepare);
enableShortcuts();
