import { readOptions, usage } from './options.ts';
import { publishReport } from './report.ts';
import { runChaos } from './runChaos.ts';

const stopStarting = new AbortController();
const abort = new AbortController();
const startedAt = Date.now();
const log = (line: string): void =>
  console.error(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} ${line}`);

let firstSignalAt = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (firstSignalAt === 0) log('No further scenarios are started. Press Ctrl-C again to stop at once.');
    // npm forwards the first signal a second time; that copy is ignored.
    else if (Date.now() - firstSignalAt > 1_000) abort.abort(new Error(signal));
    firstSignalAt ||= Date.now();
    stopStarting.abort();
  });

try {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(usage);
    process.exit(0);
  }
  const report = await runChaos(options, log, abort.signal, stopStarting.signal);
  process.exit(await publishReport(report, options.json, console.log));
} catch (error) {
  console.error(`chaos: ${abort.signal.aborted ? 'stopped' : String(error instanceof Error ? error.stack : error)}`);
  process.exit(abort.signal.aborted ? 130 : 2);
}
