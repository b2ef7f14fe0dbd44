import { durationText } from './durationText.ts';
import { useNow } from './now.ts';

/** How long something took, or has been taking until now. */
export function Duration({ from, to }: { from: string; to: string | null }) {
  return to === null ? <RunningDuration from={from} /> : <span>{durationText(Date.parse(to) - Date.parse(from))}</span>;
}

function RunningDuration({ from }: { from: string }) {
  return <span>{durationText(useNow() - Date.parse(from))}</span>;
}
