// The page of the plan: its sentences follow what is filled in. Without this script a button does the same.

const SETTLE_MS = 350; // after the last key, so that a number being typed is asked about once
const form = document.querySelector("form[data-plan]");
const look = form?.querySelector("[data-look]");
let waiting;
let asking;

async function ask(question = "") {
  clearTimeout(waiting);
  asking?.abort();
  asking = new AbortController();
  const filled = new FormData(form);
  filled.delete("csrf_token");
  if (question) filled.set("ask", question);
  try {
    const response = await fetch(`${form.dataset.plan}?${new URLSearchParams(filled)}`, {
      headers: { "X-Rappel-Fragment": "1" },
      credentials: "same-origin",
      signal: asking.signal,
    });
    if (!response.ok || !show(await response.text(), question)) throw new Error("no sentences");
    look.hidden = true;
  } catch (error) {
    if (error.name !== "AbortError") look.hidden = false; // the button is there again
  }
}

function show(html, question) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = [...page.querySelectorAll("[data-effect]")];
  for (const part of fresh) form.querySelector(`[data-effect="${part.dataset.effect}"]`)?.replaceWith(document.importNode(part, true));
  for (const name of ["exam_on", "minutes_a_day"]) {
    const field = form.elements.namedItem(name);
    const refused = document.getElementById(`${name}-error`);
    if (refused) field.setAttribute("aria-describedby", refused.id);
    else field.removeAttribute("aria-describedby");
    field.toggleAttribute("aria-invalid", Boolean(refused));
    if (refused) field.setAttribute("aria-invalid", "true");
  }
  if (question) form.querySelector(`[data-ask][value="${question}"]`)?.focus({ preventScroll: true });
  return fresh.length > 0;
}

if (form) {
  look.hidden = true;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, SETTLE_MS);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ask]");
    if (!button) return;
    event.preventDefault();
    ask(button.value);
  });
  if (form.elements.namedItem("exam_on").value && !form.querySelector("[data-ask]")) ask();
}
