// A walk as the documented decision: next actions, duties, needs, postage, refund, path, sources and warnings.

/** Decides a case given as documented JSON, without an order record: its facts are told. Throws a Fault. */
function decide(data) {
  const known = readCase(data);
  const last = known.events.length ? known.events[known.events.length - 1].at : null;
  const walk = fold(known, known.as_of ?? last);
  return report(walk);
}

function report(walk) {
  const settled = settleMoney(walk);
  const state = walk.at;
  const actions = nextActions(walk, settled);
  const duties = dutiesOf(walk, settled);
  return {
    policy: { id: POLICY.id, version: POLICY.version, digest: POLICY.digest },
    flow: state.flow,
    state: state.name,
    title: state.title,
    status: !state.end ? "open" : actions.length + duties.length + settled.waiting.length || settled.due ? "settled" : "closed",
    outcome: state.end?.outcome ?? null,
    reason: state.end?.reason ?? null,
    liable: settled.liable === "undecided" ? null : settled.liable,
    next_actions: actions,
    duties,
    needs: openNeeds(walk, settled),
    due: state.end ? null : localInstant(walk.due),
    postage: Object.fromEntries(Object.keys(POLICY.legs).map((leg) => [leg, settled.postage.legs.get(leg) ?? null])),
    refund: refundOf(settled),
    charges: settled.charges.map(moneyItem),
    recover: settled.recover.map(moneyItem),
    transfers: settled.transfers,
    path: walk.path.map((step) => pathStep(walk, step)),
    sources: stamps([...walk.sources, ...chosenSources(walk, paramsInPlay(walk))]).map(sourceItem),
    warnings: [...waitingAnswers(walk), ...overpaid(settled), ...conductWarnings(walk)],
  };
}

const moneyItem = ({ for: name, amount, because }) => ({ for: name, amount: showMoney(amount), because });

function refundOf(settled) {
  return {
    total: showMoney(settled.total),
    paid: showMoney(settled.paid),
    due: showMoney(settled.due),
    maximum: money(settled.maximum),
    waiting: settled.waiting,
    lines: settled.lines.map((line) => ({
      ...moneyItem(line),
      due: line.due > 0,
      due_amount: showMoney(line.due),
      paid: showMoney(line.paid),
      id: line.id,
    })),
    deductions: settled.deductions.map(moneyItem),
  };
}

/** Returns the open questions; at an end those that a money line waits for. */
function openNeeds(walk, settled) {
  const { standing } = walk;
  if (walk.at.end) {
    const facts = new Set(settled.waiting.flatMap((waiting) => waiting.needs));
    return [...facts].map((name) => question(standing, name));
  }
  const { within } = walk.at;
  const needs = needsOf(standing);
  if (within === undefined || walk.since === null || walk.due !== null) return needs;
  const clock = opened(standing.view, [blocker(within.of, standing.view)]);
  return [...needs, ...clock.map((name) => question(standing, name))];
}

function nextActions(walk, settled) {
  const { end, late, do: todos } = walk.at;
  const due = end ? null : walk.due;
  const number = end || due === null ? null : lateEdge(walk.standing);
  const ifLate = number === null ? null : late[number].target.state;
  const takes = ifLate ? takenIfLate(walk.standing) : [];
  return todos
    .filter(([name]) => isOwed(walk, name, settled))
    .map(([name, after]) => ({
      action: name,
      by: roleOf(walk, POLICY.actions[name]),
      title: POLICY.actions[name].title,
      say: fillIn(POLICY.actions[name].say, walk, settled, due),
      due: localInstant(due),
      if_late: ifLate,
      after: after.filter((other) => !walk.doneHere.has(other)),
      amount: POLICY.actions[name].pays ? showMoney(settled.due) : null,
      if_late_takes: Object.fromEntries(takes.map(([fact, value]) => [fact, toJson(fact, value)])),
    }));
}

function isOwed(walk, name, settled) {
  const { pays, gives } = POLICY.actions[name];
  if (pays) return settled.due > 0;
  const told = gives.length > 0 && gives.every(([fact, value]) => same(walk.standing.view.fact(fact), value));
  return !walk.doneHere.has(name) && !told;
}

function roleOf(walk, action) {
  if (!(action.by in POLICY.params)) return action.by;
  const role = walk.view.param(action.by);
  return typeof role === "string" ? role : action.by;
}

function dutiesOf(walk, settled) {
  return [...walk.duties]
    .filter(([name]) => (POLICY.actions[name].pays ? settled.due > 0 : !walk.dutiesDone.has(name)))
    .map(([name, since]) => ({
      action: name,
      by: roleOf(walk, POLICY.actions[name]),
      title: POLICY.actions[name].title,
      since: localInstant(since),
      due: null,
      list: POLICY.actions[name].list ?? null,
      say: fillIn(POLICY.actions[name].say, walk, settled, null),
    }));
}

const answerText = (name, value) => show(value, POLICY.facts[name].kind, true);

function waitingAnswers(walk) {
  const title = (name) => POLICY.facts[name].title.zh;
  const later = [...walk.later].map(([name, value]) => ({
    zh: `${title(name)} 的新回答 ${answerText(name, value)} 暂不生效：已按先前的回答处理`,
    en: `the newer answer ${answerText(name, value)} to ${name} waits: a branch has already read the earlier one`,
  }));
  const unoffered = [...walk.standing.unoffered].map(([name, value]) => ({
    zh: `${title(name)} 的回答 ${answerText(name, value)} 在此处不可选`,
    en: `the answer ${answerText(name, value)} to ${name} is not offered here`,
  }));
  return [...later, ...unoffered, ...brokenSet(walk), ...notFound(walk)];
}

function brokenSet(walk) {
  if (walk.view.optional("bundle_broken") !== true) return [];
  return [
    {
      zh: "申请的只是套装的一部分，退款前先核对套装能否拆开",
      en: "the claim takes only a part of a set: check whether the set may be split before refunding",
    },
  ];
}

function notFound(walk) {
  const { view } = walk;
  return paramsInPlay(walk)
    .filter((name) => view.paramNote(name)?.none_found)
    .map((name) => POLICY.params[name].title)
    .map(({ zh, en }) => ({
      zh: `${zh}：未查到该平台规则，按 0.00 计，请主管核定`,
      en: `${en}: no rule found, 0.00; ask a supervisor`,
    }));
}

function overpaid({ lines }) {
  return lines
    .filter((line) => line.paid > line.amount)
    .map((line) => [line.for, showMoney(line.paid), showMoney(line.amount)])
    .map(([name, paid, owed]) => ({
      zh: `${name} 已付 ${paid}，多于应付的 ${owed}`,
      en: `${name}: paid ${paid}, more than the ${owed} owed`,
    }));
}

// What stands behind the decision and behind each step of its path.

function pathStep(walk, { key, because, read, at, edge }) {
  const { flow, name } = POLICY.states[key];
  const values = [...read].map(([fact, value]) => [fact, toJson(fact, value)]);
  const sources = stamps(behind(walk, key, edge)).map(({ id, layer, article }) => ({ id, layer, article }));
  return { flow, state: name, because, read: Object.fromEntries(values), at: localInstant(at), edge, sources };
}

function behind(walk, key, edge) {
  if (edge === null) return POLICY.states[key].sources;
  const [, source, mark, number] = /^(.*?)(->|~|!|\^)(\d+)$/.exec(edge);
  if (mark === "!") return POLICY.flows[source].anytime[number].sources;
  const state = POLICY.states[source];
  if (mark === "->") {
    const conditions = state.branches.slice(0, Number(number) + 1).map((branch) => branch.when);
    return [...state.branches[number].sources, ...chosenSources(walk, paramsBehind(conditions))];
  }
  const exprs = mark === "^" ? [state.reopen[number].when] : state.within === undefined ? [] : [state.within.of];
  return [...state.sources, ...chosenSources(walk, paramsBehind(exprs))];
}

/** Names the params that expressions read, through derived facts. */
function paramsBehind(exprs) {
  const [waiting, seen, found] = [[...exprs], new Set(), new Set()];
  while (waiting.length) {
    const expr = waiting.shift();
    for (const name of paramsOf(expr)) found.add(name);
    for (const name of factsOf(expr)) {
      if (POLICY.facts[name].is === undefined || seen.has(name)) continue;
      seen.add(name);
      waiting.push(POLICY.facts[name].is);
    }
  }
  return [...found];
}

function paramsInPlay({ laid }) {
  const lines = BOOKS.flatMap((book) => [...laid[book].values()]);
  return paramsBehind(lines.flatMap((line) => (line.cap === undefined ? [line.amount] : [line.amount, line.cap])));
}

function chosenSources(walk, names) {
  const { view } = walk.standing;
  return names.map((name) => view.paramNote(name)).filter(Boolean).map((entry) => entry.source);
}

const stamps = (names) => [...new Set(names)].map((id) => ({ id, ...POLICY.sources[id] }));

const sourceItem = ({ id, layer, title, article }) => ({ id, layer, title, article });
