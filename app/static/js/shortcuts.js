// Single keys for those who want them: off by a setting, never while typing, with a modifier or on key repeat.
import { settled } from "./fragments.js";

const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

export function enableShortcuts() {
  document.documentElement.classList.add("has-keys"); // from here on the hints of keys are true, and shown
  document.addEventListener("keydown", (event) => {
    if (document.querySelector('[data-shortcuts="off"]')) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (event.target.closest(TYPING) || event.defaultPrevented) return;
    const target = targetOf(event);
    if (!target) return;
    event.preventDefault();
    if (settled()) act(target);
  });
}

function targetOf(event) {
  if (event.key === "Enter" || event.key === " ") {
    if (event.target.closest("button, a, summary")) return null; // the browser presses it
    if (event.key === " " && event.target.closest("input")) return null;
    return document.querySelector("[data-primary]");
  }
  return find(event.key) ?? find(digitOf(event));
}

function find(key) {
  return key ? document.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
}

// On a French keyboard the digits need Shift: the key itself says which digit it is.
function digitOf(event) {
  if (event.shiftKey || event.getModifierState("AltGraph")) return null;
  return /^Digit[0-9]$/.test(event.code) ? event.code.at(-1) : null;
}

function act(target) {
  if (target.matches("input[type=radio], input[type=checkbox]")) {
    target.focus();
    target.checked = target.type === "radio" ? true : !target.checked;
    target.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  if (target.matches("summary")) target.focus();
  target.click();
}
