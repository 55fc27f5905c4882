// Lines to put in order: the up and down buttons move a line at once, focus follows it, its place is said aloud.
export function enhanceOrdering(root) {
  for (const list of root.querySelectorAll("ol[data-order]")) {
    if (list.dataset.ready) continue;
    list.dataset.ready = "yes";
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-move]");
      if (!button) return;
      event.preventDefault();
      move(list, button.closest("li"), button.dataset.move, button);
    });
    refresh(list);
  }
}

function move(list, line, direction, button) {
  if (direction === "up" && line.previousElementSibling) line.previousElementSibling.before(line);
  if (direction === "down" && line.nextElementSibling) line.nextElementSibling.after(line);
  refresh(list);
  const usable = button.disabled ? line.querySelector("button[data-move]:not(:disabled)") : button;
  usable?.focus();
  const lines = [...list.children];
  const status = list.nextElementSibling;
  if (status?.matches("[data-order-status]")) {
    const place = String(lines.indexOf(line) + 1);
    status.textContent = status.dataset.template.replace("%1", place).replace("%2", String(lines.length));
  }
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function refresh(list) {
  const lines = [...list.children];
  lines.forEach((line, index) => {
    for (const button of line.querySelectorAll("button[data-move]")) {
      button.disabled = button.dataset.move === "up" ? index === 0 : index === lines.length - 1;
      button.value = `${index + 1}:${button.dataset.move}`;
      button.ariaLabel = list.dataset[button.dataset.move].replace("%1", String(index + 1));
    }
  });
}
