import { machineText, describeMachine } from './machine.ts';
import { readOptions, usage } from './options.ts';
import { parts } from './parts.ts';
import { runBench } from './runBench.ts';

const abort = new AbortController();
const startedAt = Date.now();
const log = (line: string): void =>
  console.error(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)} ${line}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (!abort.signal.aborted) log('ending all processes');
    abort.abort(new Error(signal));
  });

const names = parts.map(({ name }) => name);
try {
  const options = readOptions(process.argv.slice(2), names);
  if (!options) {
    console.log(usage(names));
    process.exit(0);
  }
  console.log(machineText(await describeMachine()));
  const { missed, failed } = await runBench(parts, options, { log, print: console.log, signal: abort.signal });
  if (options.output !== undefined) console.log(`written: ${options.output}`);
  console.log(`${missed.length} limits exceeded, ${failed.length} parts failed`);
  process.exit(missed.length + failed.length > 0 ? 1 : 0);
} catch (error) {
  console.error(`bench: ${abort.signal.aborted ? 'stopped' : String(error instanceof Error ? error.message : error)}`);
  process.exit(abort.signal.aborted ? 130 : 2);
}
