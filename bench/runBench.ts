import { inspect } from 'node:util';
import { describeMachine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { writePage } from './page.ts';
import { isReached } from './part.ts';
import type { Part, Row } from './part.ts';
import { readResults, writeResults } from './results.ts';
import type { Results, StoredPart } from './results.ts';
import { terminalTable } from './table.ts';

export interface BenchIo {
  log: (line: string) => void;
  print: (text: string) => void;
  signal: AbortSignal;
}

function selected(parts: readonly Part[], { only, short }: BenchOptions): Part[] {
  return parts.filter(({ name, inShort }) => (only.length === 0 ? !short || inShort : only.includes(name)));
}

/** Runs one part and returns its result with machine and time. */
async function measure(part: Part, options: BenchOptions, { log, signal }: BenchIo): Promise<StoredPart> {
  const startedAt = Date.now();
  const result = await part.run({ options, signal, log: (line) => log(`${part.name}: ${line}`) });
  const seconds = (Date.now() - startedAt) / 1000;
  return { ...result, machine: await describeMachine(), measuredAt: new Date(startedAt).toISOString(), seconds };
}

/** Runs the selected parts, stores each, and returns all rows that exceed their limit. A part that fails does not stop the others. */
export async function runBench(
  parts: readonly Part[],
  options: BenchOptions,
  io: BenchIo,
): Promise<{ results: Results; missed: Row[]; failed: string[] }> {
  const { output, resume } = options;
  const results: Results = output === undefined ? {} : readResults(output);
  const failed: string[] = [];
  const names = selected(parts, options).filter(({ name }) => !resume || results[name] === undefined);
  for (const [index, part] of names.entries()) {
    io.log(`part ${index + 1} of ${names.length}: ${part.name}`);
    try {
      results[part.name] = await measure(part, options, io);
    } catch (error) {
      io.signal.throwIfAborted();
      failed.push(part.name);
      io.log(`${part.name} failed: ${inspect(error)}`);
      continue;
    }
    io.print(`\n${part.title}\n${terminalTable(results[part.name]!.rows)}\n`);
    if (output === undefined) continue;
    writeResults(output, results);
    writePage(output, parts, results);
  }
  const missed = names.flatMap(({ name }) => results[name]?.rows ?? []).filter((row) => !isReached(row));
  return { results, missed, failed };
}
