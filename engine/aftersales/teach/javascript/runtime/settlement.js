// The money of a case: postage terms to amounts, refund lines with their caps, and every transfer they make; all fen.

const GOODS = "goods";

/** Works out all money of a walk where it stands. Nothing is ever clamped to fit. */
function settleMoney(walk) {
  const { laid, view } = walk;
  const book = { view, refund: new Map(), deductions: new Map(), waiting: [], caps: new Map() };
  const postage = derivePostage([...laid.postage.values()], view);
  refundLines(book, laid);
  book.waiting.push(...postage.waiting);
  for (const [name, amount] of postage.refund) book.refund.set(name, [amount, postage.because.get(name)]);
  const charges = [
    ...plainLines(book, laid.charge, () => "buyer"),
    ...[...postage.charge].map(([leg, amount]) => ({ for: leg, amount, because: postage.because.get(leg), party: "buyer" })),
  ];
  const recover = [
    ...plainLines(book, laid.recover, (line) => line.party ?? "carrier"),
    ...postage.recover.map(([leg, party, amount]) => ({ for: leg, amount, because: postage.because.get(leg), party })),
  ];
  const maximum = maximumOf(book);
  const lines = [...book.refund].map(([name, [amount, because]]) => owedLine(walk, name, amount, because));
  const sum = (part) => lines.reduce((total, line) => total + line[part], 0);
  return {
    liable: bearer(laid.liable, view),
    postage,
    lines,
    deductions: [...book.deductions].map(([name, [amount, because]]) => ({ for: name, amount, because })),
    waiting: book.waiting,
    maximum,
    charges,
    recover,
    transfers: transfersOf(lines, charges, recover, postage),
    total: sum("amount"),
    paid: sum("paid"),
    due: sum("due"),
  };
}

/** Returns a line's amount, or notes what it waits for and returns null. */
function amountOf(book, line) {
  const value = worth(line.amount, book.view);
  const cap = line.cap === undefined ? null : worth(line.cap, book.view);
  if (typeof value !== "number" || cap === UNKNOWN) {
    book.waiting.push({ for: line.name, needs: missingAmounts(book.view, line) });
    return null;
  }
  if (value < 0) {
    throw new Fault("amount_below_zero", `${line.name} 为负数`, `${line.name} comes to ${showMoney(value)}, below zero`);
  }
  if (typeof cap === "number" && value > cap) throw aboveMaximum(line.name, value, cap);
  book.caps.set(line.name, typeof cap === "number" ? cap : value);
  return value;
}

function missingAmounts(view, line) {
  const parts = line.cap === undefined ? [line.amount] : [line.amount, line.cap];
  return opened(view, parts.map((part) => blocker(part, view)));
}

/** Returns the facts to ask for instead of what is missing, each once. */
function opened(view, missing) {
  const base = missing.filter(Boolean).flatMap((name) => {
    const needs = view.baseNeeds(name);
    return needs.length ? needs : [name];
  });
  return [...new Set(base)];
}

function refundLines(book, laid) {
  for (const line of laid.refund.values()) {
    let amount = amountOf(book, line);
    if (amount === null) continue;
    let why = derivation(line.amount, book.view);
    if (line.name === GOODS) {
      const left = goodsLeft(book.view);
      if (left !== null && amount > left) throw aboveMaximum(GOODS, amount, left);
      amount = deduct(book, amount, laid.deductions);
      if (amount === null) continue;
      why = less(why, book.deductions);
    }
    book.refund.set(line.name, [amount, why]);
  }
}

/** Lowers the goods line, together never below 0; null where a deduction is not known yet. */
function deduct(book, goods, deductions) {
  let left = goods;
  for (const line of deductions.values()) {
    const amount = amountOf(book, line);
    if (amount === null) {
      book.waiting.push({ for: GOODS, needs: book.waiting.pop().needs });
      return null;
    }
    const taken = Math.min(amount, left);
    book.deductions.set(line.name, [taken, derivation(line.amount, book.view)]);
    left -= taken;
  }
  return left;
}

function less(why, deductions) {
  const taken = [...deductions].filter(([, [amount]]) => amount);
  if (!taken.length) return why;
  const cut = why.lastIndexOf(" = ");
  const [names, figures] = cut < 0 ? [why, why] : [why.slice(0, cut), why.slice(cut + 3)];
  const amounts = taken.map(([, [amount]]) => ` - ${showMoney(amount)}`).join("");
  return `${names}${taken.map(([name]) => ` - ${name}`).join("")} = ${figures}${amounts}`;
}

/** Returns what was paid for the claimed units and not yet refunded; null where it is not known. */
function goodsLeft(view) {
  const values = ["claimed_paid", "already_refunded"].filter((name) => name in POLICY.facts).map((name) => view.fact(name));
  if (!values.length || values.some((value) => typeof value !== "number")) return null;
  return Math.max(0, values.slice(1).reduce((left, refunded) => left - refunded, values[0]));
}

function maximumOf(book) {
  const goods = goodsLeft(book.view);
  if (goods === null) return null;
  const legs = Object.values(POLICY.legs).filter((leg) => leg.advanced === "buyer");
  const caps = [...book.caps].filter(([name]) => book.refund.has(name) && name !== GOODS);
  const postage = legs.reduce((sum, leg) => sum + (legAmount(leg, book.view) ?? 0), 0);
  return goods + postage + caps.reduce((sum, [, cap]) => sum + cap, 0);
}

function plainLines(book, lines, party) {
  return [...lines.values()].flatMap((line) => {
    const amount = amountOf(book, line);
    if (amount === null) return [];
    return [{ for: line.name, amount, because: derivation(line.amount, book.view), party: party(line) }];
  });
}

function owedLine(walk, name, amount, because) {
  const paid = walk.paid.get(name) ?? 0;
  const id = `${walk.id ?? "case"}/${name}/${(walk.payments.get(name) ?? 0) + 1}`;
  return { for: name, amount, because, due: Math.max(0, amount - paid), paid, id };
}

function transfersOf(lines, charges, recover, postage) {
  const moved = [
    ...lines.map((line) => ["seller", "buyer", line.for, line.amount]),
    ...[...postage.insured].map(([leg, amount]) => ["insurer", "buyer", leg, amount]),
    ...charges.map((item) => ["buyer", "seller", item.for, item.amount]),
    ...recover.map((item) => [item.party, "seller", item.for, item.amount]),
  ];
  return moved
    .filter(([, , , amount]) => amount)
    .map(([from, to, name, amount]) => ({ from, to, for: name, amount: showMoney(amount) }));
}

/** Returns the party that a bearing names here, "shared" for shares, "undecided" while it is not known. */
function bearer(bearing, view) {
  if (bearing === null || bearing === undefined) return "undecided";
  if (Array.isArray(bearing)) return "shared";
  const party = worth(bearing, view);
  return typeof party === "string" ? party : "undecided";
}

function aboveMaximum(name, amount, maximum) {
  const [told, most] = [showMoney(amount), showMoney(maximum)];
  return new Fault(
    "refund_above_maximum",
    `${name} 应退 ${told}，超过上限 ${most}`,
    `${name} comes to ${told}, its maximum is ${most}`,
  );
}

/** Derives the money of every named leg from its terms. */
function derivePostage(terms, view) {
  const postage = {
    legs: new Map(),
    refund: new Map(),
    charge: new Map(),
    insured: new Map(),
    recover: [],
    because: new Map(),
    waiting: [],
  };
  for (const term of terms) settleLeg(postage, term, view);
  return postage;
}

function settleLeg(postage, term, view) {
  const leg = POLICY.legs[term.leg];
  const advanced = advancedBy(leg, term, view);
  const borne = bearer(term.borne, view);
  const amount = legAmount(leg, view);
  const insurer = insurerPays(leg, term, advanced, amount, view);
  let shares = [];
  if (amount !== null && insurer !== null && advanced !== null && borne !== "undecided") {
    shares = sharesOf(term, borne, amount - insurer);
    movePostage(postage, term.leg, advanced, shares, insurer);
  } else if (movesMoney(advanced, borne)) {
    postage.waiting.push({ for: term.leg, needs: missingOfLeg(leg, term, view) });
  }
  const because = legBecause(term, leg, amount, insurer);
  postage.because.set(term.leg, because);
  postage.legs.set(term.leg, {
    advanced_by: advanced,
    borne_by: borne,
    amount: money(amount),
    insurer_pays: showMoney(insurer ?? 0),
    shares: Object.fromEntries(shares.map(([party, part]) => [party, showMoney(part)])),
    because,
  });
}

function advancedBy(leg, term, view) {
  if (term.advanced === undefined) return leg.advanced;
  const party = worth(term.advanced, view);
  return typeof party === "string" ? party : null;
}

function legAmount(leg, view) {
  const value = leg.amount ? view.fact(leg.amount) : null;
  return typeof value === "number" ? value : null;
}

/** Returns the insurer's share: only of what the buyer advanced; null while it is not known. */
function insurerPays(leg, term, advanced, amount, view) {
  if (!leg.insured || !term.insured || advanced !== "buyer" || amount === 0) return 0;
  const covered = view.fact(leg.insured);
  if (covered === UNKNOWN || amount === null) return null;
  if (covered !== true) return 0;
  const told = view.optional("insurance_payout");
  const limit = typeof told === "number" ? told : view.optional("insured_up_to");
  return typeof limit === "number" ? Math.min(amount, limit) : null;
}

function sharesOf(term, borne, rest) {
  if (!Array.isArray(term.borne)) return [[borne, rest]];
  const parts = allocate(rest, term.borne.map(([, rate]) => rate));
  return term.borne.map(([party], place) => [party, parts[place]]);
}

function movePostage(postage, leg, advanced, shares, insurer) {
  if (insurer) postage.insured.set(leg, insurer);
  for (const [party, part] of shares) {
    if (party === advanced || !part) continue;
    const book = advanced === "buyer" ? postage.refund : party === "buyer" ? postage.charge : null;
    book?.set(leg, (book.get(leg) ?? 0) + part);
    if (!["buyer", "seller", "nobody"].includes(party)) postage.recover.push([leg, party, part]);
  }
}

const movesMoney = (advanced, borne) =>
  advanced !== borne &&
  (advanced === null || advanced === "buyer" || ["buyer", "undecided", "shared"].includes(borne));

function missingOfLeg(leg, term, view) {
  const missing = [];
  if (term.advanced !== undefined) missing.push(blocker(term.advanced, view));
  if (typeof term.borne === "number") missing.push(blocker(term.borne, view));
  for (const name of [leg.amount, term.insured ? leg.insured : null]) {
    if (name && view.fact(name) === UNKNOWN) missing.push(name);
  }
  return opened(view, missing);
}

function legBecause(term, leg, amount, insurer) {
  if (amount === null || !leg.amount) return typeof term.borne === "number" ? code(term.borne) : term.leg;
  const name = insurer ? `${leg.amount} - insurer` : leg.amount;
  return `${name} = ${showMoney(amount)}${insurer ? ` - ${showMoney(insurer)}` : ""}`;
}
