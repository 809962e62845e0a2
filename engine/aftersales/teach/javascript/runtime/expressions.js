// Expressions of the policy: what they are worth in a case, which fact keeps them unknown, and how they are written.
// A node is [form, …]; other nodes are named by their number in POLICY.nodes.

const node = (number) => POLICY.nodes[number];

/** Returns what a node is worth in a view: a value, null (a known none) or UNKNOWN. */
function worth(number, view) {
  const form = node(number);
  return RULES[form[0]](form, view);
}

const truth = (value) => (typeof value === "boolean" ? value : UNKNOWN);

function anyOf(numbers, view, decisive) {
  let seen = !decisive;
  for (const number of numbers) {
    const value = worth(number, view);
    if (value === decisive) return decisive;
    if (typeof value !== "boolean") seen = UNKNOWN;
  }
  return seen;
}

function strict(numbers, view, combine) {
  const values = numbers.map((number) => worth(number, view));
  if (values.includes(UNKNOWN)) return UNKNOWN;
  return values.includes(null) ? null : combine(values);
}

const COMPARISONS = {
  "==": same,
  "!=": (left, right) => !same(left, right),
  "<": (left, right) => compare(left, right) < 0,
  "<=": (left, right) => compare(left, right) <= 0,
  ">": (left, right) => compare(left, right) > 0,
  ">=": (left, right) => compare(left, right) >= 0,
};

const CALLS = {
  days_between: ([first, second]) => daysBetween(first, second),
  add_days: ([at, days]) => addDays(at, days),
  add_months: ([at, months]) => addMonths(at, months),
  latest: (instants) => Math.max(...instants),
};

function add(left, right) {
  if (!isRate(left) && !isRate(right)) return left + right;
  const [a, b] = exact(left);
  const [c, d] = exact(right);
  return { n: a * d + c * b, d: b * d };
}

const negative = (value) => (isRate(value) ? { n: -exact(value)[0], d: value.d } : -value);

/** Multiplies exactly; money is rounded half up to the fen once, a negative product as its positive twin. */
function multiply(factors, kind) {
  let [n, d] = [1n, 1n];
  for (const factor of factors) {
    const [top, bottom] = exact(factor);
    n *= top;
    d *= bottom;
  }
  if (kind === "money") return n >= 0n ? whole(halfUp(n, d)) : -whole(halfUp(-n, d));
  return kind === "rate" || n % d !== 0n ? lowest(n, d) : whole(n / d);
}

function lowest(n, d) {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b) [a, b] = [b, a % b];
  return { n: n / a, d: d / a };
}

const extreme = (values, sign) => values.reduce((best, value) => (sign * compare(value, best) > 0 ? value : best));

const RULES = {
  literal: ([, value]) => value,
  fact: ([, name], view) => view.fact(name),
  param: ([, name], view) => view.param(name),
  present: ([, name], view) => {
    const value = view.fact(name);
    return value === UNKNOWN ? UNKNOWN : value !== null;
  },
  not: ([, inner], view) => {
    const value = truth(worth(inner, view));
    return value === UNKNOWN ? UNKNOWN : !value;
  },
  all: ([, parts], view) => anyOf(parts, view, false),
  either: ([, parts], view) => anyOf(parts, view, true),
  compare: ([, op, left, right], view) => {
    const [one, other] = [worth(left, view), worth(right, view)];
    if (one === UNKNOWN || other === UNKNOWN || one === null || other === null) return UNKNOWN;
    return COMPARISONS[op](one, other);
  },
  in: ([, inner, words], view) => {
    const value = worth(inner, view);
    return value === UNKNOWN || value === null ? UNKNOWN : words.includes(value);
  },
  choose: ([, condition, then, otherwise], view) => {
    const decided = truth(worth(condition, view));
    return decided === UNKNOWN ? UNKNOWN : worth(decided ? then : otherwise, view);
  },
  sum: ([, signs, terms], view) =>
    strict(terms, view, (values) =>
      values.map((value, place) => (signs[place] > 0 ? value : negative(value))).reduce(add),
    ),
  product: ([, kind, factors], view) => strict(factors, view, (values) => multiply(values, kind)),
  min: ([, parts], view) => strict(parts, view, (values) => extreme(values, -1)),
  max: ([, parts], view) => strict(parts, view, (values) => extreme(values, 1)),
  call: ([, name, parts], view) => strict(parts, view, CALLS[name]),
  over: () => UNKNOWN, // the order's lines are no part of a trainer's case: what follows from them is told
};

/** Returns the nodes directly inside one, in the author's order. */
function partsOf(form) {
  switch (form[0]) {
    case "not":
    case "in":
      return [form[1]];
    case "all":
    case "either":
    case "min":
    case "max":
      return form[1];
    case "compare":
    case "sum":
    case "product":
    case "call":
      return form[0] === "compare" ? [form[2], form[3]] : form[2];
    case "choose":
      return [form[2], form[1], form[3]];
    case "over":
      return [form[3]];
    default:
      return [];
  }
}

/** Returns the first fact, in the author's order, that keeps a node unknown; null where it is known or none can help. */
function blocker(number, view) {
  if (worth(number, view) !== UNKNOWN) return null;
  const form = node(number);
  switch (form[0]) {
    case "fact":
    case "present":
      return form[1];
    case "param":
      return view.paramBlocker(form[1]);
    case "over":
      return null;
    case "choose": {
      const decided = worth(form[1], view);
      const first = blocker(form[1], view);
      return first !== null || typeof decided !== "boolean" ? first : blocker(decided ? form[2] : form[3], view);
    }
    default:
      for (const part of partsOf(form)) {
        const found = blocker(part, view);
        if (found !== null) return found;
      }
      return null;
  }
}

function collect(number, wanted, found) {
  const form = node(number);
  if (wanted.includes(form[0])) found.add(form[1]);
  for (const part of partsOf(form)) collect(part, wanted, found);
  return found;
}

/** Returns the facts that a node itself reads, in order. */
const factsOf = (number) => [...collect(number, ["fact", "present"], new Set())];

/** Returns the params that a node itself reads, in order. */
const paramsOf = (number) => [...collect(number, ["param"], new Set())];

/** Returns the facts that a node names, and those that choose the params it names. */
const namesRead = (number) => [
  ...factsOf(number),
  ...paramsOf(number).flatMap((name) => POLICY.params[name].choosing),
];

// How tightly a form binds when it is written, the loosest first.
const LEVEL = { choose: 0, either: 1, all: 2, not: 3, compare: 4, sum: 5, product: 6, atom: 7 };

/** Returns a node as the author would write it. */
const code = (number) => write(number, LEVEL.choose, null);

/** Returns how an amount came about: "claimed_paid - already_refunded = 59.00 - 0.00". */
function derivation(number, view) {
  const form = node(number);
  if (form[0] === "literal") return show(form[1], form[2]);
  return `${code(number)} = ${write(number, LEVEL.choose, view)}`;
}

function leaf(form, view) {
  const name = { fact: form[1], param: form[1], line: form[1] }[form[0]];
  if (form[0] === "literal") {
    const zero = typeof form[1] !== "boolean" && (form[1] === 0 || (isRate(form[1]) && form[1].n === 0));
    return zero ? "0" : show(form[1], form[2]);
  }
  if (view === null || !["fact", "param", "over", "present", "call"].includes(form[0])) return name ?? null;
  const value = RULES[form[0]](form, view);
  return value === UNKNOWN ? (name ?? writeWhole(form)[1]) : show(value, kindOf(form), true);
}

function kindOf(form) {
  if (form[0] === "fact") return POLICY.facts[form[1]].kind;
  if (form[0] === "param") return POLICY.params[form[1]].kind;
  return form[0] === "call" ? (form[1] === "days_between" ? "count" : "instant") : "flag";
}

function write(number, around, view) {
  const form = node(number);
  const plain = leaf(form, view);
  if (plain !== null) return plain;
  if (view !== null && form[0] === "choose") {
    const taken = worth(form[1], view);
    if (typeof taken === "boolean") return write(taken ? form[2] : form[3], around, view);
  }
  const [level, text] = writeWhole(form, view);
  return level < around ? `(${text})` : text;
}

const wordList = (words) => `(${words.join(", ")}${words.length === 1 ? "," : ""})`;

function writeWhole(form, view = null) {
  const inner = (number, level) => write(number, level, view);
  const list = (numbers) => numbers.map((number) => inner(number, LEVEL.choose)).join(", ");
  switch (form[0]) {
    case "all":
    case "either":
      return writeJunction(form, inner);
    case "not":
      if (node(form[1])[0] !== "in") return [LEVEL.not, `not ${inner(form[1], LEVEL.not)}`];
      return [LEVEL.compare, `${inner(node(form[1])[1], LEVEL.sum)} not in ${wordList(node(form[1])[2])}`];
    case "in":
      return [LEVEL.compare, `${inner(form[1], LEVEL.sum)} in ${wordList(form[2])}`];
    case "compare":
      return [LEVEL.compare, `${inner(form[2], LEVEL.sum)} ${form[1]} ${inner(form[3], LEVEL.sum)}`];
    case "sum":
      return [LEVEL.sum, form[2].map((term, place) => sign(form[1], place) + inner(term, LEVEL.product)).join("")];
    case "product":
      return [LEVEL.product, form[2].map((factor) => inner(factor, LEVEL.atom)).join(" * ")];
    case "choose": {
      const first = `${inner(form[2], LEVEL.either)} if ${inner(form[1], LEVEL.either)}`;
      return [LEVEL.choose, `${first} else ${inner(form[3], LEVEL.choose)}`];
    }
    case "present":
      return [LEVEL.atom, `present(${form[1]})`];
    case "over":
      return [LEVEL.atom, `${form[1]}(${form[2]}, ${inner(form[3], LEVEL.choose)})`];
    case "call":
      return [LEVEL.atom, `${form[1]}(${list(form[2])})`];
    default:
      return [LEVEL.atom, `${form[0]}(${list(form[1])})`];
  }
}

function writeJunction(form, inner) {
  const [word, level] = form[0] === "all" ? ["and", LEVEL.all] : ["or", LEVEL.either];
  if (form[1].length > 1) return [level, form[1].map((part) => inner(part, level + 1)).join(` ${word} `)];
  if (form[1].length === 1) return [level, inner(form[1][0], level)];
  return [level, form[0] === "all" ? "true" : "false"];
}

const sign = (signs, place) =>
  place === 0 ? (signs[0] > 0 ? "" : "0 - ") : signs[place] > 0 ? " + " : " - ";
