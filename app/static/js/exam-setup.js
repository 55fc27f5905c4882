// The page that sets an exam up: counts follow the choices, rows come and go, and only the chosen way to pick
// questions is shown. Without this script the page's buttons do the same, by way of the server.

const form = document.querySelector("form[data-exam]");
const demands = form?.querySelector("[data-demands]");

function showPanel() {
  const chosen = form.elements.namedItem("by")?.value;
  for (const panel of form.querySelectorAll("[data-panel]")) panel.hidden = Boolean(chosen) && panel.dataset.panel !== chosen;
  const draw = form.elements.namedItem("draw")?.value;
  const count = form.querySelector("[data-for-forms]");
  if (count) count.hidden = Boolean(draw) && draw !== "forms";
}

function filled(words, ...values) {
  return values.reduce((text, value, at) => text.replace(`%${at + 1}`, value), words);
}

function recount() {
  const kinds = JSON.parse(demands.dataset.kinds);
  let total = 0;
  for (const row of demands.querySelectorAll("[data-row]")) {
    const wish = (name) => row.querySelector(`[name=${name}]`).value;
    const fits = ([topic, level, type]) =>
      [[topic, wish("topic")], [String(level), wish("level")], [type, wish("type")]].every(([has, want]) => !want || has === want);
    const found = kinds.filter(fits);
    const sum = (place) => found.reduce((all, kind) => all + kind[place], 0);
    row.querySelector("[data-there]").textContent = filled(demands.dataset.words, sum(3), sum(4));
    total += /^\s*\d+\s*$/.test(wish("count")) ? Number(wish("count")) : 0;
  }
  const said = form.querySelector("[data-total]");
  said.textContent = filled(said.dataset.words, total);
}

// Ids, labels and the number that each row is called by follow its place.
function renumber() {
  for (const [index, row] of [...demands.querySelectorAll("[data-row]")].entries()) {
    const at = index + 1;
    for (const part of [row, ...row.querySelectorAll("[id], [for], [aria-describedby]")]) {
      for (const name of ["id", "for", "aria-describedby"]) {
        if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(/row-\d+/, `row-${at}`));
      }
    }
    const remove = row.querySelector("[data-remove]");
    remove.value = `remove:${at}`;
    remove.ariaLabel = remove.ariaLabel.replace(/\d+/, at);
    const legend = row.querySelector("legend");
    legend.textContent = legend.textContent.replace(/\d+/, at);
  }
  recount();
}

function addRow() {
  const row = demands.lastElementChild.cloneNode(true);
  row.querySelector(".error")?.remove();
  for (const field of row.querySelectorAll("input, select")) {
    field.value = "";
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  demands.append(row);
  renumber();
  row.querySelector("[name=count]").focus();
}

function removeRow(row) {
  if (demands.childElementCount === 1) {
    for (const field of row.querySelectorAll("input, select")) field.value = "";
  } else {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    next.querySelector("[name=count]").focus();
  }
  renumber();
}

if (form) {
  showPanel();
  form.addEventListener("change", showPanel);
  form.querySelector("[data-search]")?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.querySelector("[data-search-button]").click();
  });
}
if (demands) {
  form.querySelector("[data-count]").remove(); // the counts follow by themselves
  form.addEventListener("input", recount);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add], [data-remove]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-add]")) addRow();
    else removeRow(button.closest("[data-row]"));
  });
  recount();
}
