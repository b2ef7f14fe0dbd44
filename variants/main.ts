/** `npm run test:variants`: see the help below. */
import { appendFile, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createEmulatorControl } from '../chaos/emulatorControl.ts';
import { startInstallation } from '../chaos/installation.ts';
import { waitFor } from '../src/main/wait.ts';
import { createClient } from '../test/e2e/support/client.ts';
import { combinations, nameOf, refusedBy } from './combinations.ts';
import type { Combination } from './combinations.ts';
import { tryCombination } from './tryCombination.ts';

const help = `npm run test:variants -- [options]

Runs every combination of isolation method, public access, egress, authentication and model on the emulator: an
allowed one to a complete proof and an empty teardown, a refused one to the rule that refuses it.

  --isolation NAME  only this method: privateEndpoints or managedNetwork
  --parallel N      environments at a time (default: 4)
  --output FILE     one line for each result (default: docs/variants.jsonl); those with "ok" are not repeated
  --help            print this text

Exit code: 0 when all are right, 1 otherwise.`;

const { values } = parseArgs({
  options: {
    isolation: { type: 'string' },
    parallel: { type: 'string', default: '4' },
    output: { type: 'string', default: resolve(import.meta.dirname, '../docs/variants.jsonl') },
    help: { type: 'boolean' },
  },
});
const log = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

/** Names of the combinations that an earlier execution has run to the right end. */
async function doneIn(file: string): Promise<Set<string>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter(Boolean);
  const results = lines.map((line) => JSON.parse(line) as { name: string; result: string });
  return new Set(results.filter(({ result }) => result === 'ok').map(({ name }) => name));
}

async function main(): Promise<number> {
  if (values.help === true) {
    console.log(help);
    return 0;
  }
  const done = await doneIn(values.output);
  const waiting = combinations.filter(
    (one) => !done.has(nameOf(one)) && (values.isolation === undefined || one.isolation === values.isolation),
  );
  log(`${waiting.length} combinations; ${done.size} are done`);
  const installation = await startInstallation({ timeScale: '1/2000', workers: 1, log });
  const client = createClient(installation.url, undefined, 15 * 60_000);
  const control = createEmulatorControl(installation.emulatorUrl, installation.caFile);
  const list = async (name: string): Promise<string[]> => {
    const scope = new RegExp(`/resourcegroups/rg-moat-${name}(/|$)`, 'i');
    return (await control.resources()).map(({ id }) => id).filter((id) => scope.test(id));
  };
  let wrong = 0;

  async function tryNext(): Promise<void> {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const faults = await tryCombination(client, list, one).catch((error: unknown) => [String(error)]);
      wrong += faults.length > 0 ? 1 : 0;
      await appendFile(values.output, `${JSON.stringify(resultOf(one, faults))}\n`);
      log(`${nameOf(one)} ${faults.length === 0 ? 'ok' : faults.join('\n  ')}`);
    }
  }

  try {
    await waitFor({ what: 'the API', limit: 120_000 }, async () =>
      (await fetch(`${installation.url}/readyz`).catch(() => undefined))?.ok === true ? true : undefined,
    );
    await control.raiseQuota(['westus2']);
    await Promise.all(Array.from({ length: Number(values.parallel) }, tryNext));
  } finally {
    await installation.close(false);
  }
  log(wrong === 0 ? 'all are right' : `${wrong} are wrong`);
  return wrong === 0 ? 0 : 1;
}

/** A line of the output. */
const resultOf = (one: Combination, faults: readonly string[]) => {
  const rules = refusedBy(one);
  return {
    name: nameOf(one),
    expected: rules.length === 0 ? 'a complete proof and an empty teardown' : `refused by ${rules.join(', ')}`,
    result: faults.length === 0 ? 'ok' : faults.join('; ').slice(0, 1000),
  };
};

process.exitCode = await main();
