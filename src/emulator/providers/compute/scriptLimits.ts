/** Only the end of a script's output is returned (Azure docs: run command). */
const tailBytes = 4096;

/** Milliseconds of real time that executing a script may take; its virtual time is not limited by this. */
export const longestWork = 60_000;

/** The end of a script's output, as far as Azure returns it. */
export function outputTail(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= tailBytes ? text : bytes.subarray(-tailBytes).toString();
}
