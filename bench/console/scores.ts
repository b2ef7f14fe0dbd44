import { nextFreePort } from '../../src/main/ports.ts';
import { launchBrowser } from '../../test/console/support/browser.ts';
import { goalOf } from '../part.ts';
import type { Goal, PartContext, Row } from '../part.ts';
import type { ConsolePage } from './pages.ts';

/** In a full run, and in a short one, where the machine may be busy. */
const goals = {
  accessibility: [{ atLeast: 100 }, { atLeast: 100 }],
  performance: [{ atLeast: 95 }, { atLeast: 50 }],
} as const satisfies Record<string, readonly [Goal, Goal]>;
const categories = Object.keys(goals) as (keyof typeof goals)[];

/** Lighthouse's scores of each page, with its settings for a desktop computer. */
export async function lighthouseScores(
  context: PartContext,
  base: string,
  pages: readonly ConsolePage[],
): Promise<Row[]> {
  const { signal, log } = context;
  // Imported here: no other part of the benchmark needs it.
  const { default: lighthouse, desktopConfig } = await import('lighthouse');
  const port = await nextFreePort(36_000);
  const browser = await launchBrowser(`--remote-debugging-port=${port}`);
  try {
    const rows: Row[] = [];
    for (const { name, path } of pages) {
      signal.throwIfAborted();
      log(`Lighthouse: ${name}`);
      const options = { port, logLevel: 'error', onlyCategories: categories } as const;
      const measure = () => lighthouse(`${base}${path}`, options, desktopConfig);
      let result = await measure();
      // A trace without a paint has no score: that says nothing about the page.
      if (result?.lhr.categories['performance']?.score === null) result = await measure();
      if (!result) throw new Error(`Lighthouse has no result for ${path}`);
      for (const category of categories) {
        const [full, short] = goals[category];
        const score = result.lhr.categories[category]?.score ?? 0;
        rows.push({
          measure: `${name}: Lighthouse, ${category}`,
          value: Math.round(100 * score),
          unit: 'of 100',
          goal: goalOf(context, full, short),
        });
      }
    }
    return rows;
  } finally {
    await browser.close();
  }
}
