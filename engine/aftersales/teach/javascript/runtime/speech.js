// What staff say: placeholders become what the case knows, in both languages.

const TO_BE_CONFIRMED = { zh: "（待确认）", en: "(to be confirmed)" };
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const UNITS = [
  [86400, { zh: "天", en: "day" }],
  [3600, { zh: "小时", en: "hour" }],
  [60, { zh: "分钟", en: "minute" }],
];
const YES_NO = { true: { zh: "是", en: "yes" }, false: { zh: "否", en: "no" } };

const both = (word) => ({ zh: word, en: word });

const sayMoney = (fen) => ({ zh: `${showMoney(fen)} 元`, en: `CNY ${showMoney(fen)}` });

function sayInstant(at, now) {
  if (at === null) return TO_BE_CONFIRMED;
  const local = new Date(wallClock(at) * 1000);
  const year = local.getUTCFullYear();
  const thisYear = now !== null && new Date(wallClock(now) * 1000).getUTCFullYear() === year;
  const clock = `${twoDigits(local.getUTCHours())}:${twoDigits(local.getUTCMinutes())}`;
  const zh = `${local.getUTCMonth() + 1}月${local.getUTCDate()}日 ${clock}`;
  const en = `${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]}`;
  return { zh: thisYear ? zh : `${year}年${zh}`, en: `${thisYear ? en : `${en} ${year}`}, ${clock}` };
}

function sayLength(span) {
  const even = UNITS.find(([unit]) => span % unit === 0 && !(unit > 3600 && span <= 72 * 3600));
  const [unit, name] = even ?? UNITS[2];
  const count = Math.floor(span / unit);
  return { zh: `${count} ${name.zh}`, en: `${count} ${name.en}${count === 1 ? "" : "s"}` };
}

/** Returns a value in words; one that is not known yet is to be confirmed. */
function sayValue(value, kind, titles, now) {
  if (value === UNKNOWN) return TO_BE_CONFIRMED;
  if (value === null) return { zh: "无", en: "none" };
  if (typeof value === "boolean" || typeof value === "string") {
    const word = String(value);
    return titles?.[word] ?? YES_NO[word] ?? POLICY.parties[word] ?? POLICY.roles[word] ?? both(word);
  }
  if (kind === "money") return sayMoney(value);
  if (kind === "instant") return sayInstant(value, now);
  if (kind === "duration") return sayLength(value);
  return both(show(value, kind));
}

/** Fills in a script; what is not known yet is to be confirmed. */
function fillIn(say, walk, settled, due) {
  if (!say) return null;
  const filled = (lang) => say[lang].replace(/\{([^{}]*)\}/g, (_, name) => said(name, walk, settled, due)[lang]);
  return { zh: filled("zh"), en: filled("en") };
}

function said(name, walk, settled, due) {
  const final = walk.at.end && !settled.waiting.length;
  if (name === "due") return sayInstant(due, walk.now);
  if (name === "refund_due") return settled.due || final ? sayMoney(settled.due) : TO_BE_CONFIRMED;
  if (name === "refund_total") return final ? sayMoney(settled.total) : TO_BE_CONFIRMED;
  const { view } = walk.standing;
  const known = POLICY.facts[name] ?? POLICY.params[name];
  const value = name in POLICY.facts ? view.fact(name) : view.param(name);
  return sayValue(value, known.kind, known.titles, walk.now);
}
