// Where a case stands in one state: the answers that count here, the guards' verdicts, what is missing, what is open.

/** Looks at a state with what was told; an answer that the state does not offer is no answer here. */
function stand(key, told) {
  const state = POLICY.states[key];
  const all = new View(told);
  const [unoffered, opens, hidden] = [new Map(), new Map(), new Set()];
  for (const offer of state.offers) {
    const openBy = optionsWaitFor(offer, all);
    if (openBy !== null) opens.set(offer.fact, openBy);
    const value = all.fact(offer.fact);
    if (value === UNKNOWN || value === null) continue;
    const counts = countsHere(offer, value, all);
    if (counts !== true) hidden.add(offer.fact);
    if (counts === false) unoffered.set(offer.fact, value);
  }
  const answers = new Map([...told].filter(([name]) => !hidden.has(name)));
  const view = hidden.size ? new View(answers) : all;
  const verdicts = state.branches.map((branch) => worth(branch.guard, view));
  return { key, state, answers, view, verdicts, unoffered, opens };
}

/** Returns whether an answer counts here: true, false, or UNKNOWN while its condition is. */
function countsHere(offer, value, view) {
  if (offer.at_most !== undefined) {
    const most = worth(offer.at_most, view);
    if (typeof most === "number" && typeof value === "number" && value > most) {
      const [told, maximum] = [showMoney(value), showMoney(most)];
      throw new Fault(
        "above_maximum",
        `${offer.fact} 为 ${told}，超过了此处的上限 ${maximum}`,
        `${offer.fact} is ${told}, the maximum here is ${maximum}`,
      );
    }
    return most === UNKNOWN ? UNKNOWN : true;
  }
  const option = offer.options.find(([word]) => same(word, value));
  return option === undefined ? false : worth(option[1], view);
}

function optionsWaitFor(offer, view) {
  const conditions = offer.at_most === undefined ? offer.options.map(([, when]) => when) : [offer.at_most];
  for (const when of conditions) {
    const missing = blocker(when, view);
    if (missing !== null) return missing;
  }
  return null;
}

/** Returns the facts, in the author's order, that keep the case here. */
function missingIn(standing) {
  const { until } = standing.state;
  const waits = until !== undefined && worth(until, standing.view) !== true;
  const found = waits ? wanting(until, standing.view) : unknownInBranches(standing);
  return [...new Set(found.map((name) => standing.opens.get(name) ?? name))];
}

function unknownInBranches({ state, view }) {
  const found = [];
  for (const branch of state.branches) {
    if (worth(branch.when, view) === true) break;
    const name = blocker(branch.when, view);
    if (name !== null) found.push(name);
  }
  return found;
}

const isJunction = (form) => form[0] === "all" || form[0] === "either";

/** Names the facts that make a true condition true. */
function supporting(number, view) {
  const form = node(number);
  if (!isJunction(form)) return factsOf(number);
  return form[1].filter((part) => worth(part, view) === true).flatMap((part) => supporting(part, view));
}

/** Names the facts that do not yet make a condition true, known or not. */
function wanting(number, view) {
  if (worth(number, view) === true) return [];
  const form = node(number);
  return isJunction(form) ? form[1].flatMap((part) => wanting(part, view)) : factsOf(number);
}

/** Returns what the case waits for, as questions with the options that are open here. */
function needsOf(standing) {
  const asked = new Set();
  for (const name of missingIn(standing)) {
    const base = standing.view.baseNeeds(name);
    for (const fact of base.length ? base : [name]) asked.add(fact);
  }
  return [...asked].map((name) => question(standing, name));
}

function question(standing, name) {
  const fact = POLICY.facts[name];
  const bounded = standing.state.offers.find((offer) => offer.fact === name);
  const most = bounded?.at_most === undefined ? null : worth(bounded.at_most, standing.view);
  return {
    fact: name,
    ask: fact.ask ?? fact.title,
    from: fact.from,
    options: openValues(standing, name).map(String),
    at_most: typeof most === "number" ? showMoney(most) : null,
  };
}

/** Returns the values of a fact that are open here: those offered, else all words of its type; none if it is free. */
function openValues(standing, name) {
  const fact = POLICY.facts[name];
  const offer = standing.state.offers.find((one) => one.fact === name && one.at_most === undefined);
  if (offer) return offer.options.filter(([, when]) => worth(when, standing.view) === true).map(([word]) => word);
  return fact.kind === "flag" ? [true, false] : fact.values;
}

/** Returns the number of the late edge that fires here: the first whose fact the case still waits for; null for none. */
function lateEdge(standing) {
  const missing = missingIn(standing);
  const waiting = new Set([...missing, ...missing.flatMap((name) => standing.view.baseNeeds(name))]);
  const found = standing.state.late.findIndex((late) => late.fact === undefined || waiting.has(late.fact));
  return found < 0 ? null : found;
}

/** Returns the answers recorded when the deadline passes, where the case then stays in its state. */
function takenIfLate(standing) {
  const number = lateEdge(standing);
  const target = number === null ? null : standing.state.late[number].target;
  return target && target.state === standing.key ? target.take : [];
}

/** Returns the last instant that is still in time for a state entered at since; null where it is not known. */
function deadline(within, since, view) {
  const length = worth(within.of, view);
  if (typeof length !== "number") return null;
  switch (within.form) {
    case "duration":
      return since + length;
    case "days":
      return within.end_of_day ? endOfDay(addDays(since, length)) : addDays(since, length);
    case "hours":
      return addHoursWithin(since, length, within.opens, within.closes);
    default:
      return nextTimeOfDay(since, length);
  }
}
