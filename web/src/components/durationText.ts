const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** Like `4 m 03 s`: the two greatest units. The command line writes them in the same way. `isRough`: only the greatest one. */
export function durationText(milliseconds: number, isRough = false): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  const [name, size] = units[first]!;
  const next = isRough ? undefined : units[first + 1];
  const rest = next ? Math.floor((seconds % size) / next[1]) : 0;
  const head = `${Math.floor(seconds / size)} ${name}`;
  return next && rest > 0 ? `${head} ${String(rest).padStart(2, '0')} ${next[0]}` : head;
}

// Made once: each takes the browser longer than a hundred uses.
const formats = {
  exact: new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' }),
  zoned: new Intl.DateTimeFormat(undefined, { timeStyle: 'long' }),
  clock: new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }),
  short: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
};

/** The date and time in the reader's zone, with the zone. */
export const exactTime = (time: string | number): string => formats.exact.format(new Date(time));

/** The time of day in the reader's zone, with the zone. */
export const zonedTime = (time: number): string => formats.zoned.format(time);

/** The time of day in the reader's zone, to the second. */
export const clockTime = (time: string): string => formats.clock.format(new Date(time));

/** Whether a time is on the present day of the reader. */
export const isToday = (time: string): boolean => new Date(time).toDateString() === new Date().toDateString();

/** A message of the API with its times in the reader's zone. */
export const withLocalTimes = (message: string): string => message.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, clockTime);

/** The day and the minute in the reader's zone. */
export const shortTime = (time: string): string => formats.short.format(new Date(time));
