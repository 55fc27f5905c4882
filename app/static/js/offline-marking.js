// What a response is worth, as far as this device can tell; the server marks it again and its word counts.
// null: typed words that are none of the accepted ones letter for letter, which only the server can judge.
export function credit(key, fields) {
  const values = (name) => fields.filter(([one]) => one === name).map(([, value]) => value);
  if (values("dont_know").length) return 0;
  if (key.choices) return ofChoices(key.choices, [...values("choice"), ...values("choices")], key.of);
  if (key.value) return values("value")[0] === key.value ? 1 : 0;
  if (key.order) return ofOrder(key.order, values("order"));
  if (key.pairs) return share(Object.entries(key.pairs).map(([name, fits]) => fits.includes(values(name)[0])));
  if (key.number) return ofNumber(key.number, values("text")[0] ?? "");
  if (key.texts) return ofTexts(key.texts, values);
  return null;
}

const share = (rights) => rights.filter(Boolean).length / rights.length;

function ofChoices(right, chosen, of) {
  const taken = chosen.filter((one) => right.includes(one)).length;
  const wrong = chosen.length - taken;
  const others = of - right.length;
  return Math.max(0, taken / right.length - (others ? wrong / others : 0));
}

function ofOrder(right, order) {
  if (order.length !== right.length) return 0;
  const follows = order.slice(1).filter((one, index) => right.indexOf(one) === right.indexOf(order[index]) + 1);
  return follows.length / (right.length - 1);
}

function ofNumber({ answer, tolerance }, text) {
  const digits = text.trim().replace(",", ".");
  if (!/^-?\d+(\.\d+)?$/.test(digits)) return null;
  return Math.abs(Number(digits) - Number(answer)) <= Number(tolerance) ? 1 : null;
}

function ofTexts(texts, values) {
  const rights = Object.entries(texts).map(([name, { accept, exact }]) => {
    const given = plain(values(name)[0] ?? "", exact);
    return accept.some((answer) => plain(answer, exact) === given);
  });
  return rights.every(Boolean) ? 1 : null;
}

function plain(text, exact) {
  const spaced = text.trim().replace(/\s+/g, " ");
  return exact ? spaced : spaced.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
