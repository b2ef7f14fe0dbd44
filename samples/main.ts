/** `npm run samples`: see the help below. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { samplesDocument } from './report.ts';
import { trySample } from './trySample.ts';
import type { SampleResult } from './trySample.ts';

const help = `npm run samples -- [options]

Installs the packages of both samples' images with pip, loads the published models, scores the
published requests (directly and through Azure's inference server), and compares the answers with
the published ones. Writes docs/samples.md. Takes a few minutes and needs Python 3 and PyPI.

  --data DIR   folder with the published models, requests and answers
               (default: ../shared/data, or MOAT_SAMPLE_DATA)
  --keep       keep the environments, and print where they are
  --help       print this text

Exit code: 0 when both answers are met, 1 when not, 2 when the data or Python is missing.`;

const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: { data: { type: 'string' }, keep: { type: 'boolean' }, help: { type: 'boolean' } },
});

async function main(): Promise<number> {
  if (values.help === true) {
    console.log(help);
    return 0;
  }
  const data = resolve(values.data ?? process.env['MOAT_SAMPLE_DATA'] ?? join(root, '../shared/data'));
  if (!existsSync(join(data, 'samples'))) {
    console.error(
      `There is no folder ${join(data, 'samples')} with the published models. Name another one with --data (see --help).`,
    );
    return 2;
  }
  const directory = await mkdtemp(join(tmpdir(), 'moat-samples-'));
  try {
    const results: SampleResult[] = [];
    for (const sample of ['custom', 'mlflow'] as const) {
      console.log(`${sample}:`);
      const result = await trySample(sample, { data, directory, progress: (line) => console.log(`  ${line}`) });
      console.log(`  ${result.met ? 'met' : 'NOT MET'}: ${result.answer.join(', ')}`);
      results.push(result);
    }
    await writeFile(join(root, 'docs/samples.md'), samplesDocument(results, new Date().toISOString().slice(0, 10)));
    console.log('Written: docs/samples.md');
    return results.every(({ met }) => met) ? 0 : 1;
  } finally {
    if (values.keep === true) console.log(`Kept: ${directory}`);
    else await rm(directory, { recursive: true, force: true });
  }
}

process.exitCode = await main();
