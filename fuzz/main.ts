import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepareClient } from '../clients/virtualEnvironment.ts';
import { modes, runFuzz } from './runFuzz.ts';

const help = `Usage: npm run fuzz -- [options]

Sends generated requests to a Moat on the emulator and compares its answers with docs/openapi.json: to an API without keys, and to
one that requires a key, with and without it. Fails on any 5xx and on any answer outside the document. It needs python3 with
venv. The first run installs schemathesis from PyPI (a minute).

Options:
  --requests N    requests in all, at least (default 10000)
  --seed N        seed of the generated requests (default 1)
  --clients DIR   directory of the virtual environments; default: .moat/clients
  --help          print this help`;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    clients: { type: 'string', default: here('../.moat/clients') },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}

/** Most requests without a key are refused before they reach an operation. */
const share = { open: 0.45, key: 0.45, noKey: 0.1 };
const python = prepareClient(join(resolve(values.clients), 'fuzz'), here('requirements.txt'));
let findings = 0;
let total = 0;
for (const mode of modes) {
  const requests = Math.ceil(Number(values.requests) * share[mode]);
  const result = await runFuzz({ python, mode, requests, seed: Number(values.seed), short: false }, console.log);
  console.log(`${mode}: ${result.requests} requests, by status: ${JSON.stringify(result.statuses)}`);
  for (const finding of result.findings) console.log(finding);
  total += result.requests;
  findings += result.findings.length;
}
console.log(`${total} requests, ${findings === 0 ? 'no findings' : 'with findings'}`);
process.exit(findings === 0 ? 0 : 1);
