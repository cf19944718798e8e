// Times as the town's clocks show them, and the shifted clock between two answers of the server.

let zone = "Asia/Shanghai";
let base = 0; // the server's shifted time at `seen`, in milliseconds
let seen = 0;

export function setZone(name) {
  zone = name;
}

/** The server said that it is `iso` now. */
export function setNow(iso) {
  base = Date.parse(iso);
  seen = performance.now();
}

export function now() {
  return new Date(base + performance.now() - seen);
}

const made = new Map(); // a formatter is slow to make, and there are only a few
const show = (date, options) => {
  const key = zone + JSON.stringify(options);
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat("zh-CN", { timeZone: zone, ...options }));
  return made.get(key).format(date);
};
const asDate = (stamp) => new Date(typeof stamp === "number" ? stamp * 1000 : stamp);

/** "08:05" of a message's date (seconds since 1970, or ISO). */
export const clockTime = (stamp) => show(asDate(stamp), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** "11月23日星期一" */
export const dayName = (stamp) => show(asDate(stamp), { month: "long", day: "numeric", weekday: "short" });
