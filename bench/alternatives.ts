import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { clientVariables, signIn } from '../clients/emulatorProcess.ts';
import { prepareClient } from '../clients/virtualEnvironment.ts';
import type { LoggedRequest } from '../src/emulator/http/requestLog.ts';
import { runWithAz } from './azInSeries.ts';
import type { AzSeconds } from './azInSeries.ts';
import type { Part, PartContext, PartResult } from './part.ts';
import { provision } from './provision.ts';
import { recordedWrites } from './recordedWrites.ts';
import type { RecordedWrite } from './recordedWrites.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';

const run = promisify(execFile);
const recorded = { name: 'benchmoat', suffix: 'bnmoat1' };
/** Azure's default for operations without `Retry-After`, in seconds. */
const pollingSeconds = 30;

const fileHere = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The virtual environment of `npm run test:clients`: its Python, and PATH with it. */
function clientOf({ options }: PartContext, client: 'az' | 'sdk'): { python: string; path: string } {
  const requirements = fileHere(`../clients/requirements-${client}.txt`);
  const python = prepareClient(join(resolve(options.clients), client), requirements);
  return { python, path: `${join(python, '..')}:${process.env['PATH']}` };
}

interface Series {
  context: PartContext;
  stack: Stack;
  directory: string;
  scale: number;
  writes: (to: { name: string; suffix: string }) => RecordedWrite[];
}

async function withPython({ context, stack, directory, scale, writes }: Series): Promise<number> {
  const { python } = clientOf(context, 'sdk');
  const file = join(directory, 'python.json');
  writeFileSync(file, JSON.stringify(writes({ name: 'benchpython', suffix: 'bnpyth1' })));
  const env = { ...stack.installation.env, ...clientVariables(stack.installation.env) };
  const args = [fileHere('inSeries.py'), file, String(pollingSeconds * scale)];
  const { stdout } = await run(python, args, { env, signal: context.signal, maxBuffer: 2 ** 26 });
  return Number(stdout);
}

async function withAz({ context, stack, directory, writes }: Series): Promise<AzSeconds> {
  const { path } = clientOf(context, 'az');
  const { env: own } = stack.installation;
  const env = { ...own, ...clientVariables(own), PATH: path };
  signIn(own, path);
  return runWithAz(context, env, directory, writes({ name: 'benchazcli', suffix: 'bnazcl1' }));
}

async function measure(context: PartContext): Promise<PartResult> {
  const divisor = context.options.short ? 200 : 10;
  return withStack(context, { timeScale: `1/${divisor}` }, async (stack) => {
    const { readySeconds } = await provision(context, stack, [recorded.name], { suffix: recorded.suffix });
    const requests = (await stack.emulator.requests()) as LoggedRequest[];
    const directory = mkdtempSync(join(tmpdir(), 'moat-series-'));
    const writes: Series['writes'] = (to) => recordedWrites(requests, recorded, to);
    const series = { context, stack, directory, scale: 1 / divisor, writes };
    try {
      context.log(`Moat: ${readySeconds[0]!.toFixed(0)} s; the same writes in series with Python`);
      const python = await withPython(series);
      context.log(`Python: ${python.toFixed(0)} s; with az`);
      const az = await withAz(series);
      const note = `${writes(recorded).length} writes, without Moat’s proof`;
      return {
        rows: [
          { measure: 'Moat', value: readySeconds[0]!, unit: 's', note: `at 1/${divisor}, with preflight and proof` },
          { measure: 'Python, azure-mgmt-resource, in series', value: python, unit: 's', note },
          { measure: 'Azure CLI, one command after the other', value: az.all, unit: 's', note },
          { measure: 'Python over Moat', value: python / readySeconds[0]!, unit: 'x' },
          { measure: 'Azure CLI over Moat', value: az.all / readySeconds[0]!, unit: 'x' },
          {
            measure: 'Azure CLI without its starts, over Moat',
            value: (az.all - az.starts) / readySeconds[0]!,
            unit: 'x',
            note: 'less the time of as many `az version`',
          },
        ],
      };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}

export const alternatives: Part = {
  name: 'alternatives',
  title: 'Alternatives: a script with the Azure CLI or the Python SDK',
  about:
    'What a user would write instead, on the same emulator at a tenth of Azure’s time: the writes that Moat sends, one after the other, each awaited before the next. Python sends them with ' +
    '`begin_create_or_update_by_id(…).result()`. The CLI has a command for each: `az group create`, else `az resource create` and `az resource delete`, because the `ml` ' +
    'extension of the article is not on PyPI; the start of `az` counts ten times as much as on Azure, so the ratio without it is shown too.',
  inShort: false,
  run: measure,
};
