import { durationText, exactTime } from './durationText.ts';
import { useNow } from './now.ts';
import { Tooltip } from './Tooltip.tsx';

const minute = 60_000;

interface RelativeTimeProps {
  time: string;
  /** without `ago` and `in` */
  bare?: boolean;
  /** in its greatest unit only */
  rough?: boolean;
}

/** A time as `4 m ago` or `in 7 h 12 m`; the exact one, with its zone, in a tooltip. */
export function RelativeTime({ time, bare = false, rough = false }: RelativeTimeProps) {
  const at = Date.parse(time);
  const isNear = Math.abs(at - Date.now()) < 2 * minute;
  const distance = at - useNow(isNear ? 1_000 : 10_000);
  const text = durationText(isNear ? Math.abs(distance) : Math.floor(Math.abs(distance) / minute) * minute, rough);
  const relative = distance > 0 ? `in ${text}` : `${text} ago`;
  const isNow = Math.abs(distance) < 2_000;
  return (
    <Tooltip text={exactTime(time)}>
      <time dateTime={time}>{bare ? text : isNow ? 'now' : relative}</time>
    </Tooltip>
  );
}
