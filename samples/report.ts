import type { SampleResult } from './trySample.ts';

const numbers = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : JSON.stringify(value));

/** The text of docs/samples.md. */
export function samplesDocument(results: readonly SampleResult[], date: string): string {
  const rows = results.flatMap((result) => [
    `## \`${result.sample}\`: ${result.met ? 'met' : 'not met'}`,
    '',
    '| what | value |',
    '|---|---|',
    `| Python in Moat's image | ${result.python.shipped} |`,
    `| Python used here | ${result.python.used} |`,
    ...Object.entries(result.packages).map(([name, version]) => `| \`${name}\` | ${version} |`),
    `| published answer | ${numbers(result.expected)} |`,
    `| answer of the scoring script | ${numbers(result.answer)} |`,
    `| answer of the inference server, \`POST /score\` | ${result.served.status}: ${numbers(result.served.body)} |`,
    `| inference server, \`GET /\` (the probes) | ${result.served.liveness} |`,
    '',
  ]);
  return `${[
    "# The article's samples, scored",
    '',
    `Written by \`npm run samples\` on ${date}; do not edit it.`,
    '',
    "The script installs, with pip, exactly the packages that Moat's jumpbox scripts put into the two samples' images (`src/jumpbox/sample-locks.sh`), loads the models as they are",
    'published, scores the published request with the scoring script, directly and through the inference server, and compares the answers with the published ones',
    '(relative difference 0.000001 at most). The scoring script of `mlflow` is the one that Moat writes (`src/jumpbox/mlflow.sh`); that of `custom` is',
    "written by the contract of the article's (`samples/score.py`). What it does not show: the container image itself, and Azure.",
    '',
    ...rows,
  ]
    .join('\n')
    .trimEnd()}\n`;
}
