// One case on its way: what was told and read, the terms laid down, what was done, and the way it came.

const MOST_STEPS = 2000;

class Walk {
  constructor(readCase) {
    this.id = readCase.id;
    this.events = readCase.events;
    this.openedAt = readCase.opened_at;
    this.state = POLICY.flows[POLICY.root].start;
    this.now = this.since = readCase.opened_at;
    this.clockSet = null;
    const counters = Object.entries(POLICY.facts).filter(([, fact]) => fact.counter);
    this.told = new Map([...counters.map(([name]) => [name, 0]), ...readCase.told]);
    this.later = new Map();
    this.pinned = new Set();
    this.doneHere = new Set();
    this.duties = new Map();
    this.dutiesDone = new Set();
    this.laid = { liable: null, postage: new Map() };
    for (const book of BOOKS) this.laid[book] = new Map();
    this.paid = new Map();
    this.payments = new Map();
    this.fired = new Set();
    this.path = [];
    this.sources = new Set();
    this.cached = null;
    this.enter(null, "opened", new Map());
  }

  get at() {
    return POLICY.states[this.state];
  }

  get standing() {
    this.cached ??= stand(this.state, this.told);
    return this.cached;
  }

  get view() {
    return new View(this.told);
  }

  /** The deadline of the state, null where there is none or no clock runs. */
  get due() {
    const { within } = this.at;
    if (within === undefined || this.since === null) return null;
    const last = deadline(within, this.since, this.standing.view);
    return last === null || this.clockSet === null ? last : Math.max(last, this.clockSet);
  }

  lookAt(at) {
    if (at !== null) this.now = at;
  }

  /** Takes answers in; one to a fact that a branch has read waits until the fact is forgotten. */
  tell(values) {
    const clockRan = this.at.within === undefined || this.due !== null;
    for (const [name, value] of values) {
      if (!this.pinned.has(name)) this.told.set(name, value);
      else if (!same(this.told.get(name), value)) this.later.set(name, value);
      else this.later.delete(name);
    }
    this.cached = null;
    if (!clockRan) this.clockSet = this.now;
  }

  /** Goes on as far as the known facts reach. */
  settle() {
    for (let step = 0; step < MOST_STEPS; step += 1) if (!this.moves()) return;
    throw restless(this.state);
  }

  moves() {
    if (this.at.end) return this.go(this.reopening());
    return this.go(this.interrupt()) || this.go(this.openBranch());
  }

  go(edge) {
    if (edge === null) return false;
    const source = this.state;
    this.state = edge.way.target.state;
    this.arrive(edge, source);
    return true;
  }

  /** Lets every deadline before until pass; one at until itself is still in time. */
  passTime(until) {
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const { due } = this;
      if (until === null || due === null || due >= until || !this.at.late.length) return;
      this.lookAt(due);
      if (!this.go(this.lateWay())) throw unmatched(this.state);
      this.settle();
    }
    throw restless(this.state);
  }

  openBranch() {
    const { branches, until } = this.at;
    if (!branches.length) return null;
    const { verdicts, unoffered } = this.standing;
    const open = branches.map((_, place) => place).filter((place) => verdicts[place] === true);
    if (open.length > 1) throw new Fault("two_branches", "有两条分支同时成立", `two branches of ${this.state} fit`);
    if (open.length) return { key: `${this.state}->${open[0]}`, kind: "branch", way: branches[open[0]] };
    if (until === undefined && !unoffered.size && !verdicts.includes(UNKNOWN)) throw unmatched(this.state);
    return null;
  }

  lateWay() {
    const number = lateEdge(this.standing);
    return number === null ? null : { key: `${this.state}~${number}`, kind: "late", way: this.at.late[number] };
  }

  interrupt() {
    const ways = POLICY.flows[this.at.flow].anytime;
    for (const [number, way] of ways.entries()) {
      const key = `${this.at.flow}!${number}`;
      if (!this.fired.has(key) && this.heard(way.on) === true) return { key, kind: "anytime", way };
    }
    return null;
  }

  heard(name) {
    return this.later.has(name) ? this.later.get(name) : this.standing.view.fact(name);
  }

  reopening() {
    for (const [number, way] of this.at.reopen.entries()) {
      const key = `${this.state}^${number}`;
      if (!this.fired.has(key) && worth(way.when, this.view) === true && this.isInTime(way)) {
        return { key, kind: "reopen", way };
      }
    }
    return null;
  }

  isInTime(way) {
    const last = this.since === null ? null : deadline(way.within, this.since, this.view);
    return last === null || this.now === null || this.now <= last;
  }

  /** Takes in that an edge was taken: pin what its guard read, forget, take, count, and enter the target. */
  arrive({ key, kind, way }, source) {
    const [because, read] = this.readAlong(kind, way);
    if (kind === "anytime" || kind === "reopen") this.fired.add(key);
    const { target } = way;
    for (const name of target.forget) this.forget(name);
    for (const [name, value] of target.take) this.told.set(name, value);
    for (const [name, more] of target.add) this.told.set(name, (this.told.get(name) ?? 0) + more);
    const from = kind === "anytime" ? POLICY.states[source].flow : source;
    if (from !== target.state || target.restart) {
      this.since = this.now;
      this.clockSet = null;
      this.doneHere = new Set();
    }
    this.enter(key, because, read);
  }

  forget(name) {
    this.pinned.delete(name);
    this.told.delete(name);
    if (!this.later.has(name)) return;
    this.told.set(name, this.later.get(name));
    this.later.delete(name);
  }

  readAlong(kind, way) {
    if (kind === "late") {
      return [`no answer in time: ${needsOf(this.standing).map((need) => need.fact).join(", ")}`, new Map()];
    }
    if (kind === "reopen") return [code(way.when), this.known(factsOf(way.when))];
    this.cite(way.sources);
    if (kind === "anytime") return [way.on, new Map([[way.on, true]])];
    return [way.otherwise ? "otherwise" : code(way.when), this.pin(way)];
  }

  /** Holds on to every known fact that was read: by until, by the guards above, by the one taken. */
  pin(taken) {
    const { state, answers } = this.standing;
    const read = [...new Set(this.readByGuards(taken))];
    const met = this.conditionsMet(state, read);
    for (const name of withInputs([...read, ...met], this.told)) if (answers.has(name)) this.pinned.add(name);
    return this.known(read);
  }

  known(names) {
    const { view } = this.standing;
    return new Map(names.map((name) => [name, view.fact(name)]).filter(([, value]) => value !== UNKNOWN));
  }

  readByGuards(taken) {
    const { state, view } = this.standing;
    const above = state.branches.slice(0, state.branches.indexOf(taken) + 1);
    const until = state.until === undefined ? [] : supporting(state.until, view);
    return [...until, ...above.flatMap((branch) => namesRead(branch.when))];
  }

  conditionsMet(state, read) {
    return state.offers
      .filter((offer) => read.includes(offer.fact))
      .flatMap((offer) => offer.options.filter(([word]) => same(word, this.told.get(offer.fact))))
      .flatMap(([, when]) => namesRead(when));
  }

  enter(edge, because, read) {
    const state = this.at;
    this.cached = null;
    this.cite(state.sources);
    this.lay(state.terms);
    for (const duty of state.duties) if (!this.duties.has(duty)) this.duties.set(duty, this.now);
    this.path.push({ key: this.state, because, read, at: this.now, edge });
  }

  /** Takes over what a state says; a leg's earlier advanced stays where the new term does not say. */
  lay(terms) {
    if ("liable" in terms) this.laid.liable = terms.liable;
    for (const term of terms.postage ?? []) {
      const before = this.laid.postage.get(term.leg);
      this.laid.postage.set(term.leg, { ...term, advanced: term.advanced ?? before?.advanced });
    }
    for (const book of BOOKS) for (const line of terms[book] ?? []) this.laid[book].set(line.name, line);
  }

  cite(sources) {
    for (const source of sources) this.sources.add(source);
  }

  /** Takes in that an action was done here, or a duty; a paying one with its amount. */
  did({ action: name, amount }) {
    const action = POLICY.actions[name];
    const here = this.at.do.filter(([todo]) => todo === name);
    const owedSince = this.duties.has(name) && !this.dutiesDone.has(name);
    const before = here.flatMap(([, after]) => after).find((other) => !this.doneHere.has(other));
    if (!here.length && !owedSince) throw notOwed(this.state, name);
    if (before) throw new Fault("not_yet", `先完成 ${before}，再做 ${name}`, `${before} must be done before ${name}`);
    if (action.pays) this.pay(name, amount);
    else if (this.doneHere.has(name) && !owedSince) throw notOwed(this.state, name);
    this.doneHere.add(name);
    if (!action.pays) this.dutiesDone.add(name);
    this.tell(new Map(action.gives));
  }

  pay(name, amount) {
    if (amount === null) throw new Fault("amount_missing", `动作 ${name} 须写明金额`, `${name} needs its amount`);
    const { lines, due } = settleMoney(this);
    if (amount > due || amount === 0) {
      const [told, most] = [showMoney(amount), showMoney(due)];
      throw new Fault("not_due", `付款 ${told} 与应付不符：现在最多应付 ${most}`, `${told}: the maximum due is ${most}`);
    }
    let left = amount;
    for (const line of lines) {
      const part = Math.min(left, line.due);
      if (!part) continue;
      this.paid.set(line.for, (this.paid.get(line.for) ?? 0) + part);
      this.payments.set(line.for, (this.payments.get(line.for) ?? 0) + 1);
      left -= part;
    }
  }
}

const BOOKS = ["refund", "deductions", "charge", "recover"];

const unmatched = (key) => new Fault("no_branch", `状态 ${key} 没有一条分支符合本案`, `no branch of ${key} fits this case`);
const restless = (key) => new Fault("no_rest", `流程在 ${key} 处不断循环`, `the case never comes to rest, last in ${key}`);
const notOwed = (key, name) =>
  new Fault("not_owed", `此时不需要动作 ${name}`, `action ${name} is not owed in state ${key}`);

/** Returns names and all that they rest on; a fact that was told stands for itself. */
function withInputs(names, told) {
  const [waiting, seen] = [[...names], new Set()];
  while (waiting.length) {
    const name = waiting.pop();
    if (seen.has(name)) continue;
    seen.add(name);
    if (told.has(name)) continue;
    const { is, computed } = POLICY.facts[name];
    waiting.push(...(is === undefined ? [] : namesRead(is)), ...(computed ?? []));
  }
  return seen;
}

/** Walks a case as it was read to seenAt, by default to its last event. */
function fold(readCase, seenAt) {
  const walk = new Walk(readCase);
  walk.settle();
  for (const event of readCase.events) {
    if (seenAt !== null && event.at !== null && event.at > seenAt) break;
    walk.passTime(event.at);
    walk.lookAt(event.at);
    if (event.done) walk.did(event.done);
    else walk.tell(event.tell);
    walk.settle();
  }
  walk.passTime(seenAt);
  walk.lookAt(seenAt);
  checkAgreement(walk.view);
  return walk;
}
