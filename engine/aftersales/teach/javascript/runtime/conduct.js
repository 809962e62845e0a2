// Warns where an open case is near to breaking a rule of conduct: which rule, why, and what it would cost.

const EVENING = 18;

function conductWarnings(walk) {
  if (walk.at.end) return [];
  const told = walk.view.optional("platform");
  const platform = typeof told === "string" ? told : null;
  return POLICY.conduct
    .filter((rule) => !rule.platforms.length || rule.platforms.includes(platform))
    .map((rule) => [rule, whyNear(rule, walk)])
    .filter(([, why]) => why.length)
    .map(([rule, why]) => conductWarning(rule, why, platform, walk));
}

/** Says why a rule is near, in parts; nothing where one of the things that it asks for is not so. */
function whyNear(rule, walk) {
  const parts = [];
  if (rule.near !== undefined) {
    parts.push(worth(rule.near, walk.standing.view) === true ? nearFacts(rule.near, walk) : []);
  }
  if (rule.last_day) parts.push(lastDay(rule.last_day, walk));
  if (rule.answer) parts.push(answerBy(rule.answer, walk));
  return parts.every((part) => part.length) ? parts.flat() : [];
}

function nearFacts(near, walk) {
  const said = [];
  for (const name of factsOf(near)) {
    const { kind, titles, title } = POLICY.facts[name];
    const value = walk.standing.view.fact(name);
    const word = sayValue(value, kind, titles, walk.now);
    if (typeof value === "boolean") said.push(word);
    else if (value !== UNKNOWN) said.push({ zh: `${title.zh}：${word.zh}`, en: `${title.en}: ${word.en}` });
  }
  return said.length ? said : [{ zh: "随时", en: "at any time" }];
}

const clockOf = (at) => new Date(wallClock(at) * 1000).toISOString().slice(11, 19);

/** Says that a deadline falls on the day the case is seen and is not past. */
function lastDay(name, walk) {
  const at = name === "due" ? walk.due : walk.standing.view.fact(name);
  if (typeof at !== "number" || walk.now === null || dayOf(at) !== dayOf(walk.now) || at < walk.now) return [];
  const clock = clockOf(at).slice(0, 5);
  const day = Number(clock.slice(0, 2)) >= EVENING ? { zh: "今晚", en: "tonight" } : { zh: "今天", en: "today" };
  if (name === "due") return [{ zh: `${day.zh} ${clock} 到期`, en: `due ${day.en} at ${clock}` }];
  const { title } = POLICY.facts[name];
  return [{ zh: `${title.zh}：${day.zh} ${clock}`, en: `${title.en}: ${day.en} at ${clock}` }];
}

/** Says until when the buyer's last message is to be answered, while that time runs. */
function answerBy({ length, opens, closes }, walk) {
  const heard = heardAt(walk);
  if (heard === null || walk.now === null) return [];
  const clock = ((wallClock(heard) % DAY) + DAY) % DAY;
  if (clock < opens || clock >= closes || walk.now > heard + length) return [];
  const until = clockOf(heard + length);
  return [{ zh: `${until} 前答复买家`, en: `answer the buyer by ${until}` }];
}

/** Returns when the buyer last said something: the claim, or an answer of theirs since. */
function heardAt(walk) {
  let heard = walk.openedAt;
  for (const { at, tell } of walk.events) {
    if (!tell || at === null || (walk.now !== null && at > walk.now)) continue;
    if ([...tell.keys()].some((name) => POLICY.facts[name].from === "buyer")) heard = at;
  }
  return heard;
}

function conductWarning(rule, why, platform, walk) {
  const costs = penaltiesOf(rule, platform).map((penalty) => costOf(rule, penalty, platform, walk));
  const behindIt = costs.length ? costs : [{ zh: `依据 ${rule.source}`, en: rule.source }];
  const parts = [...why, ...behindIt];
  return {
    zh: `注意行为规则“${rule.title.zh}”（${parts.map((part) => part.zh).join("；")}）`,
    en: `conduct rule near: ${rule.title.en} (${parts.map((part) => part.en).join("; ")})`,
  };
}

/** Returns the penalties of the case's platform, else those for all; all of them where the platform is not known. */
function penaltiesOf(rule, platform) {
  if (platform === null) return rule.penalties;
  const own = rule.penalties.filter((penalty) => penalty.platforms.includes(platform));
  return own.length ? own : rule.penalties.filter((penalty) => !penalty.platforms.length);
}

function costOf(rule, penalty, platform, walk) {
  const named = penalty.platforms.length ? penalty.platforms : rule.platforms;
  const where = platform !== null && named.length ? [platform] : named;
  const titles = where.map((name) => POLICY.facts.platform.titles[name]);
  const [zh, en] = [titles.map((title) => title.zh).join("、"), titles.map((title) => title.en).join(", ")];
  const [cost, source] = figureOf(penalty, walk);
  const on = { zh: `${zh}${cost.zh}`, en: en ? `${en}: ${cost.en}` : cost.en };
  return source ? { zh: `${on.zh}，依据 ${source}`, en: `${on.en}, ${source}` } : on;
}

/** Returns what a penalty comes to in this case, and the source of that figure. */
function figureOf(penalty, walk) {
  if (penalty.param) {
    const { view } = walk.standing;
    const value = view.param(penalty.param);
    const source = view.paramNote(penalty.param)?.source ?? penalty.source;
    if (typeof value !== "number") return [{ zh: "赔付金额待确认", en: "compensation to be confirmed" }, source];
    const paid = sayMoney(value);
    return [{ zh: `赔 ${paid.zh}`, en: `pays ${paid.en}` }, source];
  }
  if (penalty.money !== undefined) {
    const paid = sayMoney(penalty.money);
    return [{ zh: `罚 ${paid.zh}`, en: paid.en }, penalty.source];
  }
  const { points: least, up_to: most } = penalty;
  const [zh, en] = most === undefined ? [least, least] : [`${least} 至 ${most}`, `${least} to ${most}`];
  return [{ zh: `扣 ${zh} 分`, en: `${en} points` }, penalty.source];
}
