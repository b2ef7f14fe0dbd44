import { writeFile } from 'node:fs/promises';
import { chaos } from './chaos.ts';
import { readOptions, usage } from './options.ts';
import { tableOf } from './report.ts';

const windDown = new AbortController();
const stop = new AbortController();
const began = Date.now();
const tell = (line: string): void => console.error(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} ${line}`);

let firstAt = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (firstAt === 0) tell('no more environments begin; again: stops at once');
    // not the echo of the first, which npm passes on
    else if (Date.now() - firstAt > 1_000) stop.abort(new Error(signal));
    firstAt ||= Date.now();
    windDown.abort();
  });

try {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(usage);
    process.exit(0);
  }
  const report = await chaos(options, tell, stop.signal, windDown.signal);
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(tableOf(report));
  process.exit(report.findings.length === 0 ? 0 : 1);
} catch (error) {
  console.error(`chaos: ${stop.signal.aborted ? 'stopped' : String(error instanceof Error ? error.stack : error)}`);
  process.exit(stop.signal.aborted ? 130 : 2);
}
