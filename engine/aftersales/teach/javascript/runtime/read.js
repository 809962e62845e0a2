// Reading a case from documented JSON.

function readCase(data) {
  const opened_at = data.claim?.opened_at === undefined ? null : readValue("instant", {}, data.claim.opened_at, "opened_at");
  const told = new Map();
  if (data.claim?.issue !== undefined) told.set("issue", readFact("issue", data.claim.issue));
  if (opened_at !== null && "opened_at" in POLICY.facts) told.set("opened_at", opened_at);
  for (const [name, value] of Object.entries(data.facts ?? {})) told.set(name, readFact(name, value));
  if (data.order) throw new Fault("order_here", "这里不读订单记录，请直接告知事实", "an order record is not read here");
  checkDates(told);
  const opened = opened_at ?? (typeof told.get("opened_at") === "number" ? told.get("opened_at") : null);
  const events = (data.events ?? []).map(readEvent);
  checkOrder(events, opened);
  const as_of = data.as_of === undefined ? null : readValue("instant", {}, data.as_of, "as_of");
  return { id: data.id ?? null, opened_at: opened, told, events, as_of };
}

function readEvent(event) {
  const at = event.at === undefined ? null : readValue("instant", {}, event.at, "at");
  if (event.done !== undefined) {
    if (!(event.done in POLICY.actions)) throw new Fault("unknown_action", `没有动作 ${event.done}`, `no action ${event.done}`);
    const amount = event.amount === undefined ? null : readValue("money", {}, event.amount, "amount");
    return { at, done: { action: event.done, amount } };
  }
  return { at, tell: new Map(Object.entries(event.tell).map(([name, value]) => [name, readFact(name, value)])) };
}

/** Each event has an instant of its own here, later than the one before. */
function checkOrder(events, opened) {
  let last = opened;
  for (const { at } of events) {
    if (at === null || last === null || at <= last) {
      throw new Fault("event_order", "事件须按时间先后、各在一个时刻", "events go on in time, each at an instant of its own");
    }
    last = at;
  }
}

function checkDates(told) {
  const pairs = [["shipped_at", "delivered_at"]];
  if (told.get("cash_on_delivery") !== true) pairs.push(["paid_at", "shipped_at"]);
  for (const [earlier, later] of pairs) {
    const [first, second] = [told.get(earlier), told.get(later)];
    const never = earlier === "shipped_at" && first === null;
    if (typeof second === "number" && (never || (typeof first === "number" && second < first))) {
      throw new Fault("dates_disagree", `${later} 早于 ${earlier}`, `${later} is before ${earlier}`);
    }
  }
}

const READERS = {
  instant: parseInstant,
  money: parseMoney,
  rate: parseRate,
  duration: parseDuration,
  time_of_day: parseTimeOfDay,
  flag: (value) => (typeof value === "boolean" ? value : null),
  count: (value) => (Number.isSafeInteger(value) && value >= 0 ? value : null),
};

function readFact(name, value) {
  const fact = POLICY.facts[name];
  if (!fact) throw new Fault("unknown_name", `没有事实 ${name}`, `there is no fact ${name}`);
  if (fact.counter) throw new Fault("not_tellable", `${name} 由政策自己计数`, `the policy counts ${name} itself`);
  if (value !== null) return readValue(fact.kind, fact, value, name);
  if (fact.flag) return null;
  throw new Fault("null_value", `${name} 不能为 null`, `null is no answer to ${name}`);
}

/** Reads a value of a kind as a case writes it, within its bounds. */
function readValue(kind, { values, low, high }, value, name) {
  const read = kind in READERS ? READERS[kind](value) : null;
  const word = (kind === "choice" || kind === "party") && (values.length ? values : Object.keys(POLICY.parties)).includes(value);
  if (read === null && !word) throw new Fault(`${kind}_format`, `${name}：${value} 不合格式`, `${name}: ${value} cannot be read`);
  if (word) return value;
  if ((low !== undefined && read < low) || (high !== undefined && read > high)) {
    throw new Fault("out_of_bounds", `${name}：${value} 超出范围`, `${name}: ${value} is out of bounds`);
  }
  return read;
}
