const LONGEST_NUMBER = 50; // digits; the server reads a few more

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
  const digits = text.trim().replace(",", ".").replace(/^\+/, "");
  if (!/^-?\d+(\.\d+)?$/.test(digits) || digits.length > LONGEST_NUMBER) return null;
  const places = Math.max(...[answer, tolerance, digits].map((one) => (one.split(".")[1] ?? "").length));
  const [given, wanted, span] = [digits, answer, tolerance].map((one) => inSteps(one, places));
  return given - wanted <= span && wanted - given <= span ? 1 : 0;
}

// A decimal as a whole number of its last places: 0.4 is within 0.1 of 0.3, which floats deny.
function inSteps(decimal, places) {
  const [whole, part = ""] = decimal.split(".");
  return BigInt(whole + part.padEnd(places, "0"));
}

function ofTexts(texts, values) {
  const rights = Object.entries(texts).map(([name, { accept, exact }]) => {
    const typed = values(name)[0] ?? "";
    return accept.some((answer) => plain(answer, exact) === plain(typed, exact));
  });
  return rights.every(Boolean) ? 1 : null;
}

// Spaces inside quotes are part of a command.
function plain(text, exact) {
  const spaced = exact && /["'\\]/.test(text) ? text.trim() : text.trim().replace(/[^\S\n]+/g, " ");
  return exact ? spaced : spaced.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
