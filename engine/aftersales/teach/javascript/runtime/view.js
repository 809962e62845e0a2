// A case seen with the answers told so far: what is told, what follows from it, which params apply, what is missing.

class View {
  constructor(told) {
    this.told = told;
    this.known = new Map();
    this.chosen = new Map();
  }

  /** Returns what is known of a fact: told, else derived, else UNKNOWN. */
  fact(name) {
    if (!this.known.has(name)) {
      this.known.set(name, UNKNOWN);
      try {
        this.known.set(name, this.lookUp(name));
      } catch (fault) {
        this.known.delete(name);
        throw fault;
      }
    }
    return this.known.get(name);
  }

  lookUp(name) {
    const told = this.told.has(name) ? this.told.get(name) : UNKNOWN;
    const { is, kind } = POLICY.facts[name];
    const follows = is === undefined ? UNKNOWN : worth(is, this);
    if (told === UNKNOWN || follows === UNKNOWN || same(told, follows)) return told === UNKNOWN ? follows : told;
    const [said, result] = [show(told, kind, true), show(follows, kind, true)];
    throw new Fault(
      "told_disagrees",
      `${name} 告知为 ${said}，但由其他事实得出 ${result}`,
      `${name} is told as ${said}, but follows from the other facts as ${result}`,
    );
  }

  optional(name) {
    return name in POLICY.facts ? this.fact(name) : UNKNOWN;
  }

  /** Returns a param's value for this case, tiers applied; UNKNOWN where a fact that chooses it is. */
  param(name) {
    return this.choice(name).value;
  }

  paramBlocker(name) {
    return this.choice(name).blocker;
  }

  /** Returns the entry that a param's value was taken from; null where it is not known yet which one it is. */
  paramNote(name) {
    return this.choice(name).entry;
  }

  choice(name) {
    if (!this.chosen.has(name)) this.chosen.set(name, chooseParam(name, this));
    return this.chosen.get(name);
  }

  /** Returns the facts to ask for so that an unknown fact becomes known; nothing where it is known. */
  baseNeeds(name) {
    if (this.fact(name) !== UNKNOWN) return [];
    const found = [...new Set(this.open(name, new Set()))];
    return found.length ? found : [name];
  }

  open(name, seen) {
    if (seen.has(name) || !(name in POLICY.facts)) return [];
    seen.add(name);
    const { is, ask } = POLICY.facts[name];
    const missing = ask || is === undefined ? null : blocker(is, this);
    return missing === null ? [name] : this.open(missing, seen);
  }
}

const entrySays = (entry) => (entry.none_found ? 0 : (entry.tiers ?? entry.value));

const saysSame = (one, other) =>
  Array.isArray(one) || Array.isArray(other) ? JSON.stringify(one) === JSON.stringify(other) : same(one, other);

/** Chooses a param: platform before shipped, the period of its date, the tier of its amount. */
function chooseParam(name, view) {
  const param = POLICY.params[name];
  const platform = param.groups.some((group) => group.platform) ? view.optional("platform") : null;
  const date = param.dated_by ? view.optional(param.dated_by) : null;
  const possible = param.groups
    .filter((group) => !group.platform || platform === UNKNOWN || platform === group.platform)
    .map((group) => ({
      surely: !group.platform || platform !== UNKNOWN,
      entries: group.entries.filter((entry) => hasDay(entry, date)),
    }));
  const reachable = reachableGroups(possible);
  if (!reachable.length) throw new Fault("no_period", `参数 ${name} 没有有效值`, `param ${name} has no valid value`);
  const entries = reachable.flat();
  if (entries.every((entry) => saysSame(entrySays(entry), entrySays(entries[0])))) {
    return applied(param, entries[0], view);
  }
  if (date === null && platform !== UNKNOWN) return { value: null, entry: null, blocker: null };
  const first = reachable[0].map(entrySays);
  const differs = (group) =>
    group.length !== first.length || group.some((entry, place) => !saysSame(entrySays(entry), first[place]));
  const byPlatform = platform === UNKNOWN && reachable.some(differs);
  return { value: UNKNOWN, entry: null, blocker: byPlatform ? "platform" : (param.dated_by ?? null) };
}

function hasDay(entry, date) {
  if (typeof date !== "number") return true;
  const day = dayOf(date);
  return (entry.from === undefined || entry.from <= day) && (entry.until === undefined || day <= entry.until);
}

function reachableGroups(groups) {
  const reachable = [];
  for (const { surely, entries } of groups) {
    if (!entries.length) continue;
    reachable.push(entries);
    if (surely) break;
  }
  return reachable;
}

function applied(param, entry, view) {
  const said = entrySays(entry);
  if (!Array.isArray(said)) return { value: said, entry, blocker: null };
  const amount = param.on ? view.fact(param.on) : UNKNOWN;
  if (amount === UNKNOWN) return { value: UNKNOWN, entry, blocker: param.on ?? null };
  return { value: typeof amount === "number" ? applyTiers(said, amount) : null, entry, blocker: null };
}

/** Returns what the first matching row pays on an amount of fen. */
function applyTiers(tiers, amount) {
  for (const tier of tiers) {
    const fits = tier.up_to !== undefined ? amount <= tier.up_to : tier.below === undefined || amount < tier.below;
    if (!fits) continue;
    const pay = isRate(tier.pay) ? times(amount, tier.pay) : tier.pay;
    const least = tier.least === undefined ? pay : Math.max(pay, tier.least);
    return tier.most === undefined ? least : Math.min(least, tier.most);
  }
  return 0;
}

/** Checks that what was told agrees with itself, and every relation that a case must keep. */
function checkAgreement(view) {
  for (const name of view.told.keys()) view.fact(name);
  for (const relation of POLICY.holds) {
    if (worth(relation, view) !== false) continue;
    const values = factsOf(relation).map((name) => `${name} = ${show(view.fact(name), POLICY.facts[name].kind, true)}`);
    const [said, listed] = [code(relation), values.join(", ")];
    throw new Fault("relation_broken", `${said} 不成立：${listed}`, `${said} does not hold: ${listed}`);
  }
}
