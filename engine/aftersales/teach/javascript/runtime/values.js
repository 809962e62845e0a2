// Values as the policy knows them: flags, words, fen, exact rates, seconds; how they are read and written.

/** The third value: nobody has told this yet. A known none is null. */
const UNKNOWN = Symbol("unknown");

/** A case or a payment that cannot be: its code is the one of the engine's own diagnostic. */
class Fault extends Error {
  constructor(code, zh, en) {
    super(`${code}: ${en}`);
    this.code = code;
    this.text = { zh, en };
  }
}

/** Returns a number or a rate {n, d} as an exact fraction of two BigInts. */
function exact(value) {
  return typeof value === "number" ? [BigInt(value), 1n] : [BigInt(value.n), BigInt(value.d)];
}

const isRate = (value) => typeof value === "object" && value !== null;

function compare(left, right) {
  if (!isRate(left) && !isRate(right)) return left < right ? -1 : left > right ? 1 : 0;
  const [a, b] = exact(left);
  const [c, d] = exact(right);
  return a * d < c * b ? -1 : a * d > c * b ? 1 : 0;
}

const isExact = (value) => typeof value === "number" || isRate(value);

function same(left, right) {
  return isExact(left) && isExact(right) ? compare(left, right) === 0 : left === right;
}

/** Returns a whole BigInt as a number; beyond 2^53 fen no browser counts exactly. */
function whole(big) {
  const number = Number(big);
  if (!Number.isSafeInteger(number)) throw new Fault("too_large", "数额太大", "the amount is too large");
  return number;
}

const floorDiv = (p, q) => (p >= 0n ? p / q : -((-p + q - 1n) / q));

/** The one rounding: (2p + q) // (2q), halves up. */
const halfUp = (p, q) => floorDiv(2n * p + q, 2n * q);

/** Returns rate of amount, rounded half up to the fen. */
function times(amount, rate) {
  const [n, d] = exact(rate);
  return whole(halfUp(BigInt(amount) * n, d));
}

/** Shares amount (not negative) over weights by largest remainder; ties go to the earlier place. */
function allocate(amount, rates) {
  const bottom = rates.reduce((product, rate) => product * exact(rate)[1], 1n);
  const weights = rates.map((rate) => (exact(rate)[0] * bottom) / exact(rate)[1]);
  const all = weights.reduce((sum, weight) => sum + weight, 0n);
  const shares = weights.map((weight) => (weight > 0n ? (BigInt(amount) * weight) / all : 0n));
  const remainders = weights.map((weight, place) => BigInt(amount) * weight - shares[place] * all);
  let left = BigInt(amount) - shares.reduce((sum, share) => sum + share, 0n);
  const places = weights.map((_, place) => place).filter((place) => weights[place] > 0n);
  places.sort((a, b) => (remainders[a] === remainders[b] ? a - b : remainders[a] > remainders[b] ? -1 : 1));
  for (const place of places) {
    if (left <= 0n) break;
    shares[place] += 1n;
    left -= 1n;
  }
  return shares.map(whole);
}

function showMoney(fen) {
  const all = Math.abs(fen);
  return `${fen < 0 ? "-" : ""}${Math.floor(all / 100)}.${String(all % 100).padStart(2, "0")}`;
}

function showRate(rate) {
  const [n, d] = exact(rate);
  const up = halfUp((n < 0n ? -n : n) * 10n ** 10n, d);
  const rest = String(up % 10n ** 8n).padStart(8, "0").replace(/0+$/, "");
  return `${n < 0n ? "-" : ""}${up / 10n ** 8n}${rest ? `.${rest}` : ""}%`;
}

function showDuration(length) {
  if (length > 72 * 3600 && length % 86400 === 0) return `${length / 86400}d`;
  if (length && length % 3600 === 0) return `${length / 3600}h`;
  return `${Math.floor(length / 60)}m`;
}

const twoDigits = (number) => String(number).padStart(2, "0");

const showTimeOfDay = (seconds) => `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}`;

/** Returns a value as files write it; an instant in UTC, or on the policy's clock where local is true. */
function show(value, kind, local = false) {
  if (value === UNKNOWN) return "unknown";
  if (value === null) return "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (kind === "rate") return showRate(value);
  if (kind === "money" && typeof value === "number") return showMoney(value);
  if (kind === "instant") return showInstant(value, local ? offsetAt(value) : 0);
  if (kind === "duration") return showDuration(value);
  if (kind === "time_of_day") return showTimeOfDay(value);
  return isRate(value) ? `${value.n}/${value.d}` : String(value);
}

/** Returns a fact's value as JSON holds it: flags and counts as they are, all else as the policy writes it. */
function toJson(name, value) {
  if (value === null || typeof value === "boolean") return value;
  const kind = POLICY.facts[name].kind;
  return kind === "count" && typeof value === "number" ? value : show(value, kind);
}

const money = (fen) => (fen === null || fen === undefined ? null : showMoney(fen));

/** Reads an amount such as "12.00" (or whole yuan) into fen; null where it is none. */
function parseMoney(text) {
  const match = /^(0|[1-9][0-9]{0,12})(?:\.([0-9]{1,2}))?$/.exec(String(text));
  if (!match) return null;
  const fen = Number(match[1]) * 100 + Number((match[2] || "").padEnd(2, "0"));
  return fen > 1e12 ? null : fen;
}

function parseRate(text) {
  const match = /^(0|[1-9][0-9]{0,3})(?:\.([0-9]{1,2}))?%$/.exec(String(text));
  return match ? { n: Number(match[1] + (match[2] || "").padEnd(2, "0")), d: 10000 } : null;
}

function parseDuration(text) {
  const match = /^(0|[1-9][0-9]{0,6})([dhm])$/.exec(String(text));
  return match ? Number(match[1]) * { d: 86400, h: 3600, m: 60 }[match[2]] : null;
}

function parseTimeOfDay(text) {
  const match = /^([01][0-9]|2[0-3]):([0-5][0-9])$/.exec(String(text));
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 : null;
}

/** Reads an ISO 8601 instant with an offset into seconds since 1970; null where it is none. */
function parseInstant(text) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(String(text))) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) || ms < EARLIEST * 1000 || ms > LATEST * 1000 ? null : Math.floor(ms / 1000);
}
