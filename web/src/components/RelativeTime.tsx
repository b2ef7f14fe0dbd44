import { durationText, exactTime } from './durationText.ts';
import { useNow } from './now.ts';
import { Tooltip } from './Tooltip.tsx';

const minute = 60_000;

/** A time as `4 m ago` or `in 7 h 12 m`; the exact one, with its zone, in a tooltip. `bare`: without `ago` and `in`. */
export function RelativeTime({ time, bare = false }: { time: string; bare?: boolean }) {
  const at = Date.parse(time);
  const isNear = Math.abs(at - Date.now()) < 2 * minute;
  const distance = at - useNow(isNear ? 1_000 : 10_000);
  const text = durationText(isNear ? Math.abs(distance) : Math.floor(Math.abs(distance) / minute) * minute);
  const relative = distance > 0 ? `in ${text}` : `${text} ago`;
  const isNow = Math.abs(distance) < 2_000;
  return (
    <Tooltip text={exactTime(time)}>
      <time dateTime={time}>{bare ? text : isNow ? 'now' : relative}</time>
    </Tooltip>
  );
}
