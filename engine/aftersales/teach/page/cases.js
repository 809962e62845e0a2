// A case at the trainer's desk: an order, answers one after the other, a clock that only moves when told to.

const DAY_LENGTH = 86400;
const OPENED = parseInstant(PAGE.opened);

const DEFAULT_ORDER = { situation: "delivered", platform: null, amount: "118.00", postage: "12.00", insured: null };

const SITUATIONS = {
  not_shipped: { paid: 2 },
  on_the_way: { paid: 4, shipped: 3 },
  delivered: { paid: 6, shipped: 5, delivered: 3 },
  delivered_long: { paid: 14, shipped: 13, delivered: 10 },
};

// Where the goods are when a case of a flow begins, where that is not "delivered".
const USUAL = {
  intercept: "on_the_way",
  lost_parcel: "on_the_way",
  not_received: "on_the_way",
  not_shipped: "not_shipped",
  late_shipment: "not_shipped",
  change_carrier: "not_shipped",
  order_details: "not_shipped",
  presale: "not_shipped",
};

const ago = (days) => localInstant(OPENED - days * DAY_LENGTH);

/** Returns the facts that an order record tells, those that the policy knows. */
function orderFacts(order) {
  const { paid, shipped, delivered } = SITUATIONS[order.situation];
  const told = {
    ...Object.fromEntries(Object.entries(POLICY.facts).filter(([, fact]) => fact.computed).map(([name, fact]) => [name, fact.kind === "flag" ? false : "0.00"])),
    platform: order.platform ?? POLICY.facts.platform?.values[0],
    paid_at: ago(paid),
    shipped_at: shipped ? ago(shipped) : null,
    delivered_at: delivered ? ago(delivered) : null,
    promised_ship_by: ago(paid - 2),
    cash_on_delivery: false,
    goods_paid: order.amount,
    claimed_paid: order.amount,
    order_paid: showMoney(parseMoney(order.amount) + parseMoney(order.postage)),
    postage_paid: order.postage,
    postage_claimed: order.postage,
    free_shipping: "none",
    insured_up_to: order.insured,
  };
  return Object.fromEntries(Object.entries(told).filter(([name, value]) => fits(name, value)));
}

/** Returns whether the policy knows a fact and would read this value of it. */
function fits(name, value) {
  if (!(name in POLICY.facts) || value === undefined) return false;
  try {
    readFact(name, value);
    return true;
  } catch {
    return false;
  }
}

class Desk {
  constructor(order, facts = {}) {
    this.order = order;
    this.facts = facts;
    this.history = [];
    this.now = OPENED;
    this.decision = decide(this.data([], OPENED));
  }

  data(events, now) {
    return {
      id: "trainer",
      claim: { opened_at: localInstant(OPENED) },
      facts: { ...orderFacts(this.order), ...this.facts },
      events: events.map((event) => event.written).filter(Boolean),
      as_of: localInstant(now),
    };
  }

  /** Lets something happen: an event written as a case writes it, or just time; throws a Fault and stays as it was. */
  happen(written, now) {
    const event = { written: written && { at: localInstant(now), ...written }, now };
    const decision = decide(this.data([...this.history, event], now));
    this.history.push({ ...event, before: [this.now, this.decision] });
    [this.now, this.decision] = [now, decision];
  }

  answer(name, value) {
    this.happen({ tell: { [name]: value } }, this.now + 60);
  }

  done(name, amount) {
    this.happen(amount ? { done: name, amount } : { done: name }, this.now + 60);
  }

  /** Lets the deadline pass: one second later it is too late. */
  passDeadline() {
    const due = parseInstant(this.decision.due);
    if (due !== null) this.happen(null, Math.max(due, this.now) + 1);
  }

  wait(seconds) {
    this.happen(null, this.now + seconds);
  }

  /** Lets everything happen again that happened at another desk. */
  replay(history) {
    for (const { written, now } of history) {
      const { at, ...said } = written ?? {};
      this.happen(written ? said : null, now);
    }
  }

  undo() {
    const last = this.history.pop();
    if (last) [this.now, this.decision] = last.before;
  }
}

/** Returns answers worth trying for a question, as a case writes them: its options, or values of its kind. */
function candidates(need, desk) {
  const { kind, flag, low, high } = POLICY.facts[need.fact];
  if (need.options.length) return need.options.map((word) => (kind === "flag" ? word === "true" : word));
  const none = flag ? [null] : [];
  const within = (number) => (low === undefined || number >= low) && (high === undefined || number <= high);
  switch (kind) {
    case "money": {
      const most = need.at_most === null ? null : parseMoney(need.at_most);
      const amounts = most === null ? [0, 800, 1200, 2000, 5000] : [most, Math.floor(most / 2), Math.floor(most / 5)];
      return [...none, ...new Set(amounts.filter(within).map(showMoney))];
    }
    case "count":
      return [...none, ...[0, 1, 2, 3, 12].filter(within)];
    case "instant":
      return [...none, localInstant(desk.now - 3600), localInstant(OPENED - 2 * DAY_LENGTH), localInstant(OPENED - 8 * DAY_LENGTH)];
    case "party":
      return Object.keys(POLICY.parties);
    case "rate":
      return ["10%", "50%"];
    default:
      return kind === "duration" ? ["24h", "72h"] : ["10:00", "20:00"];
  }
}

/** Returns for every flow the order and the answers that lead from the front desk into it, found by trying. */
function entries() {
  const found = {};
  for (const situation of ["delivered", "on_the_way", "not_shipped"]) {
    const waiting = [{}];
    for (let tried = 0; waiting.length && tried < 400; tried += 1) tryOut(found, waiting, situation);
  }
  for (const way of POLICY.flows[POLICY.root].anytime) {
    const { flow } = POLICY.states[way.target.state];
    found[flow] ??= { situation: "delivered", facts: { [way.on]: true } };
  }
  found[POLICY.root] = { situation: "delivered", facts: {} };
  wanderInto(found);
  return found;
}

function tryOut(found, waiting, situation) {
  const facts = waiting.shift();
  let desk;
  try {
    desk = new Desk({ ...DEFAULT_ORDER, situation }, facts);
  } catch {
    return;
  }
  const { flow, needs, path } = desk.decision;
  const entered = path.map((step) => step.flow).find((name) => name !== POLICY.root);
  if (entered) {
    const fits = 2 * (situation === (USUAL[entered] ?? "delivered")) + Object.values(facts).includes(entered);
    if (!(entered in found) || fits > found[entered].fits) found[entered] = { situation, facts, fits };
  }
  if (flow !== POLICY.root || Object.keys(facts).length > 2) return;
  for (const need of needs) for (const value of candidates(need, desk)) waiting.push({ ...facts, [need.fact]: value });
}

/** Finds flows that only other flows lead into, by walking cases until one comes there. */
function wanderInto(found) {
  const missing = new Set(Object.keys(POLICY.flows).filter((name) => !(name in found)));
  const known = Object.values(found);
  for (let seed = 1; missing.size && seed <= 400; seed += 1) {
    const roll = dice(seed);
    const { situation, facts } = pick(known, roll);
    walkUntil({ ...DEFAULT_ORDER, situation }, facts, roll, (desk) => {
      const flow = desk.decision.path.map((step) => step.flow).find((name) => missing.has(name));
      if (flow && missing.delete(flow)) found[flow] = { situation, facts, history: [...desk.history] };
      return !missing.size;
    });
  }
}

/** Walks a case with random answers until it ends or arrived says so; null where it goes wrong. */
function walkUntil(order, facts, roll, arrived) {
  try {
    const desk = new Desk(order, facts);
    for (let step = 0; step < 30 && desk.decision.status === "open"; step += 1) {
      walkOn(desk, roll);
      if (arrived(desk)) return desk;
    }
    for (let step = 0; step < 6 && desk.decision.needs.length; step += 1) walkOn(desk, roll);
    return desk;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return null;
  }
}

const asks = ({ needs }) => needs.map((need) => need.fact).join(" ");

/** Gives one random answer, or lets the deadline pass; an answer that changes nothing is taken back. */
function walkOn(desk, roll) {
  const { needs, due, path } = desk.decision;
  const before = asks(desk.decision);
  if (due && (roll() < 0.06 || !needs.length)) desk.passDeadline();
  else if (!needs.length) desk.wait(DAY_LENGTH);
  else {
    const need = pick(needs, roll);
    desk.answer(need.fact, pick(candidates(need, desk), roll));
    if (desk.decision.path.length === path.length && asks(desk.decision) === before) desk.undo();
  }
}

/** Returns a source of random numbers from 0 to 1 that a seed fixes. */
function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const pick = (list, roll) => list[Math.floor(roll() * list.length)];
