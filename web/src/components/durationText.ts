const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** Like `4 m 10 s`: the two greatest units. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first === -1) return '0 s';
  const [name, size] = units[first]!;
  const next = units[first + 1];
  const rest = next ? Math.floor((seconds % size) / next[1]) : 0;
  const head = `${Math.floor(seconds / size)} ${name}`;
  return next && rest > 0 ? `${head} ${String(rest).padStart(2, '0')} ${next[0]}` : head;
}

/** The date and time in the reader's zone, with the zone. */
export const exactTime = (time: string | number): string =>
  new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });

/** The time of day in the reader's zone, with the zone. */
export const zonedTime = (time: number): string => new Date(time).toLocaleTimeString(undefined, { timeStyle: 'long' });

/** The time of day in the reader's zone, to the second. */
export const clockTime = (time: string): string => new Date(time).toLocaleTimeString();

/** Whether a time is on the present day of the reader. */
export const isToday = (time: string): boolean => new Date(time).toDateString() === new Date().toDateString();

/** A message of the API with its times in the reader's zone. */
export const withLocalTimes = (message: string): string => message.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, clockTime);

/** The day and the minute in the reader's zone. */
export const shortTime = (time: string): string =>
  new Date(time).toLocaleString(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
