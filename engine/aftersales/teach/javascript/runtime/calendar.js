// Days, hours and months on the clock of the policy's timezone; instants are seconds since 1970 in UTC.

const EARLIEST = 0;
const LATEST = Date.UTC(2200, 11, 31, 23, 59, 59) / 1000;
const DAY = 86400;
const MOST_DAYS = Math.floor((LATEST - EARLIEST) / DAY);

/** Returns how far the policy's clock is ahead of UTC at an instant, in seconds. */
function offsetAt(at) {
  let ahead = POLICY.offsets[0][1];
  for (const [since, seconds] of POLICY.offsets) {
    if (since > at) break;
    ahead = seconds;
  }
  return ahead;
}

const wallClock = (at) => at + offsetAt(at);

/** Returns when the clock shows a wall time: the first time where it does so twice, as far after a gap as into it. */
function instantOf(wall) {
  let ahead = POLICY.offsets[0][1];
  for (const [since, seconds] of POLICY.offsets) {
    if (since + Math.max(ahead, seconds) > wall) break;
    ahead = seconds;
  }
  return Math.min(Math.max(wall - ahead, EARLIEST), LATEST);
}

const dayOf = (at) => Math.floor(wallClock(at) / DAY);

const daysBetween = (first, second) => dayOf(second) - dayOf(first);

function addDays(at, days) {
  if (Math.abs(days) > MOST_DAYS) return days > 0 ? LATEST : EARLIEST;
  return instantOf(wallClock(at) + days * DAY);
}

function addMonths(at, months) {
  const wall = wallClock(at);
  const local = new Date(wall * 1000);
  const count = local.getUTCFullYear() * 12 + local.getUTCMonth() + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12;
  if (year < 1970 || year > 2200) return months > 0 ? LATEST : EARLIEST;
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Date.UTC(year, month, Math.min(local.getUTCDate(), last)) / 1000;
  return instantOf(day + (((wall % DAY) + DAY) % DAY));
}

const endOfDay = (at) => instantOf(dayOf(at) * DAY + DAY - 1);

function nextTimeOfDay(at, time) {
  const wall = wallClock(at);
  const today = Math.floor(wall / DAY) * DAY + time;
  return instantOf(wall <= today ? today : today + DAY);
}

/** Returns when hours have passed on a clock that runs only from opens to closes each day. */
function addHoursWithin(at, hours, opens, closes) {
  if (hours <= 0) return at;
  if (hours > MOST_DAYS * 24) return LATEST;
  const wall = wallClock(at);
  const day = Math.floor(wall / DAY) * DAY;
  const length = closes - opens;
  const used = Math.min(Math.max(wall - day - opens, 0), length) + hours * 3600;
  let days = Math.floor(used / length);
  let rest = used % length;
  if (!rest) {
    days -= 1;
    rest = length;
  }
  return days > MOST_DAYS ? LATEST : instantOf(day + days * DAY + opens + rest);
}

/** Returns an instant in ISO 8601 with an offset given in seconds: 2026-11-01T10:00:00+08:00. */
function showInstant(at, offset) {
  const sign = offset < 0 ? "-" : "+";
  const ahead = Math.abs(offset);
  const shown = new Date((at + offset) * 1000).toISOString().slice(0, 19);
  return `${shown}${sign}${twoDigits(Math.floor(ahead / 3600))}:${twoDigits(Math.floor(ahead / 60) % 60)}`;
}

const localInstant = (at) => (at === null || at === undefined ? null : showInstant(at, offsetAt(at)));
