// The controls of one question as pairs of names and values, and back: what is sent, kept, and filled in again.
export function snapshot(section) {
  const controls = [...section.querySelectorAll("input, select, textarea")];
  return controls.filter((one) => isSent(one)).map((one) => [one.name, one.value]);
}

function isSent(control) {
  if (!control.name || control.name === "shown" || control.name.endsWith("-seq")) return false;
  return !["radio", "checkbox"].includes(control.type) || control.checked;
}

export function restore(section, fields) {
  const values = (name) => fields.filter(([one]) => one === name).map(([, value]) => value);
  for (const control of section.querySelectorAll("input, select, textarea")) {
    if (!control.name || control.type === "hidden") continue;
    if (["radio", "checkbox"].includes(control.type)) control.checked = values(control.name).includes(control.value);
    else control.value = values(control.name)[0] ?? "";
  }
  for (const list of section.querySelectorAll("ol[data-order]")) {
    const lines = new Map([...list.children].map((line) => [line.querySelector("input").value, line]));
    for (const value of values(list.querySelector("input").name)) if (lines.has(value)) list.append(lines.get(value));
  }
}
