import { setTimeout as sleep } from 'node:timers/promises';
import { buildConsole } from '../src/main/consoleBuild.ts';
import { launchBrowser } from '../test/console/support/browser.ts';
import { consolePages, openPage, readyTimes, scriptSize } from './console/pages.ts';
import type { BrowserErrors } from './console/pages.ts';
import { interactionTimes } from './console/interactions.ts';
import { lighthouseScores } from './console/scores.ts';
import { paintDelays } from './console/pixels.ts';
import type { Delays } from './console/pixels.ts';
import { makeKnownEnvironments } from './knownEnvironments.ts';
import { goalOf } from './part.ts';
import type { Part, PartContext, PartResult, Row } from './part.ts';
import { withStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { quantile } from './statistics.ts';

const count = 1_000;

async function measure(context: PartContext, stack: Stack): Promise<Row[]> {
  const { signal, log, options } = context;
  const base = `${stack.installation.url}/console`;
  const errors: BrowserErrors = { violations: 0, others: [] };
  const names = Array.from({ length: options.short ? 1 : 8 }, (_, n) => `watched${n}`);
  const browser = await launchBrowser();
  try {
    const browserContext = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const delays = await paintDelays(context, stack, browserContext, errors, names);
    log(`making ${count} more environments known`);
    await makeKnownEnvironments(stack.client, { count });
    // The stream of a page begins with what has changed in the last 15 seconds: these have been there for longer.
    await sleep(20_000, undefined, { signal });
    const pages = consolePages(names[0]!);
    const ready: Row[] = [];
    for (const { name, path, ready: selector } of pages) {
      log(`page ready: ${name}`);
      const request = { url: `${base}${path}`, ready: selector, count: options.short ? 3 : 20 };
      const times = await readyTimes(context, browserContext, errors, request);
      ready.push(limited(context, `${name}: ready, warm, p95`, quantile(times, 0.95), 1_000));
    }
    log(`using a list of ${count} rows`);
    const rows = count + names.length;
    const list = await openPage(browserContext, errors);
    const interactions = await interactionTimes(list, `${base}/environments`, rows, options.short ? 2 : 20);
    const cold = await openPage(await browser.newContext(), errors);
    const script = await scriptSize(cold, `${base}/environments`);
    for (const error of errors.others) log(`in the browser's console: ${error}`);
    return [
      ...delayRows(context, delays),
      { measure: '1,000 rows: interaction to next paint, p50', value: quantile(interactions, 0.5), unit: 'ms' },
      limited(context, '1,000 rows: interaction to next paint, p98', quantile(interactions, 0.98), 100),
      ...ready,
      { measure: 'first page: script as sent', value: script, unit: 'KB', goal: { atMost: 250 } },
      {
        measure: 'refused by the content security policy',
        value: errors.violations,
        unit: 'times',
        goal: { atMost: 0 },
      },
      { measure: 'other errors in the browser', value: errors.others.length, unit: 'errors', goal: { atMost: 0 } },
      ...(await lighthouseScores(context, base, pages)),
    ];
  } finally {
    await browser.close();
  }
}

/** A value in milliseconds with its limit; on a busy machine, in a short run, ten times as much. */
const limited = (context: PartContext, measure: string, value: number, limit: number): Row => ({
  measure,
  value,
  unit: 'ms',
  goal: goalOf(context, { atMost: limit }, { atMost: 10 * limit }),
});

const delayRows = (context: PartContext, { list, environment }: Delays): Row[] =>
  Object.entries({ 'the list': list, 'the page of an environment': environment }).flatMap(([where, values]) => [
    { measure: `change of a step to its pixels in ${where}, p50`, value: quantile(values, 0.5), unit: 'ms' },
    limited(context, `change of a step to its pixels in ${where}, p95`, quantile(values, 0.95), 1_000),
  ]);

async function run(context: PartContext): Promise<PartResult> {
  await buildConsole(context.log);
  const rows = await withStack(context, { timeScale: '1/60' }, (stack) => measure(context, stack));
  return { rows };
}

export const console: Part = {
  name: 'console',
  title: 'Console: in a browser',
  about:
    'In Chromium without a window. *Change of a step to its pixels* is from the time that the workflow gives the change until the frame that shows it is painted, while environments are provisioned one after the other at time scale 1/60. *Interaction to next paint* is the browser’s own figure for keys and clicks in a list of a thousand environments. *Ready, warm*: from the navigation until the page can be used, with its files in the browser’s cache, and a thousand environments, none of which has changed in the last 15 seconds. Lighthouse has its settings for a desktop computer.',
  inShort: false,
  run,
};
