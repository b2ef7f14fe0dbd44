import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';
import type { Environment } from '../../src/domain/environment.ts';
import type { PartContext } from '../part.ts';
import type { Stack } from '../stack.ts';
import { openPage } from './pages.ts';
import type { BrowserErrors } from './pages.ts';

/**
 * Notes when each text of `read`, an expression for an array of texts, was first painted: a change of the document is painted with the next
 * frame, and the task after that follows.
 */
const note = (read: string): string => `
  window.painted = {};
  const note = () => { for (const text of ${read}) painted[text] ??= Date.now(); };
  const afterPaint = () => requestAnimationFrame(() => setTimeout(note));
  addEventListener('DOMContentLoaded', () =>
    new MutationObserver(afterPaint).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true }));
`;

/** Like `network succeeded`, of the rows of the page of one environment. */
const stepStates = `[...document.querySelectorAll('[data-steady]')]
  .map((row) => row.dataset.steady + ' ' + row.querySelector('.visually-hidden')?.textContent)`;

/** Like `watched1 3`: so many steps are done, of the rows of the list. */
const doneCounts = `[...document.querySelectorAll('[data-environment]')]
  .map((row) => row.dataset.environment + ' ' + parseInt(row.querySelector('[role="img"]')?.getAttribute('aria-label')))`;

const paintedOf = (page: Page): Promise<Record<string, number>> => page.evaluate('window.painted');

/** Milliseconds from the time at which a step began or ended, by its workflow, until that was painted. */
export interface Delays {
  list: number[];
  environment: number[];
}

/** Provisions environments, one after the other, while the list and the page of the environment are open. */
export async function paintDelays(
  partContext: PartContext,
  { api, installation }: Stack,
  browser: BrowserContext,
  errors: BrowserErrors,
  names: readonly string[],
): Promise<Delays> {
  const { signal, log } = partContext;
  const delays: Delays = { list: [], environment: [] };
  const open = async (path: string, read: string): Promise<Page> => {
    const page = await openPage(browser, errors);
    await page.addInitScript(note(read));
    await page.goto(`${installation.url}/console${path}`);
    return page;
  };
  const list = await open('/environments', doneCounts);
  for (const name of names) {
    log(`watching ${name}`);
    const { status } = await api('POST', '/environments', { name, location: 'westus2' });
    if (status !== 202) throw new Error(`POST ${name}: ${status}`);
    const page = await open(`/environments/${name}`, stepStates);
    let environment: Environment;
    do {
      await sleep(200, undefined, { signal });
      environment = (await api('GET', `/environments/${name}`)).body as Environment;
      if (environment.state === 'failed') throw new Error(`${name} failed: ${environment.failure?.message}`);
    } while (environment.state !== 'ready');
    // The last events are on their way.
    await sleep(2_000, undefined, { signal });
    delays.environment.push(...environmentDelays(environment, await paintedOf(page)));
    delays.list.push(...listDelays(environment, await paintedOf(list)));
    await page.close();
  }
  await list.close();
  return delays;
}

/** Of a state that was over before it could be painted there is none. */
function environmentDelays({ steps }: Environment, painted: Record<string, number>): number[] {
  return steps.flatMap(({ id, since, finishedAt }) =>
    [[since, painted[`${id} running`]] as const, [finishedAt, painted[`${id} succeeded`]] as const].flatMap(
      ([time, paintedAt]) => (time === null || paintedAt === undefined ? [] : [paintedAt - Date.parse(time)]),
    ),
  );
}

/** When the list first showed at least so many steps as done, after the last of them had ended. */
function listDelays({ name, steps }: Environment, painted: Record<string, number>): number[] {
  const ends = steps
    .flatMap(({ finishedAt }) => (finishedAt === null ? [] : [Date.parse(finishedAt)]))
    .toSorted((a, b) => a - b);
  return ends.map((end, index) => {
    const times = Object.entries(painted)
      .filter(([text]) => text.startsWith(`${name} `) && Number(text.split(' ')[1]) > index)
      .map(([, time]) => time);
    return Math.min(...times) - end;
  });
}
