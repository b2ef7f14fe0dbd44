import type { Page } from 'playwright-core';

/** The browser reports interactions of at least 16 ms, rounded to 8; shorter ones count as 8. */
const shortest = 8;

/** Collects, by interaction, the time from the input to the next paint. */
const observe = `
  window.interactions = new Map();
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId > 0) interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
`;

/** Uses the list by keys and clicks; returns the number of inputs. */
async function useList(page: Page, rounds: number): Promise<number> {
  let inputs = 0;
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
    inputs += keys.length;
  };
  const click = async (selector: string): Promise<void> => {
    await page.locator(selector).first().click();
    inputs += 1;
  };
  for (let round = 0; round < rounds; round++) {
    await press(...'jjjjjjjjjjkkkkk'.split(''));
    // The search, a character at a time; then all rows again.
    await press('/', ...'known0'.split(''));
    await press('Control+A', 'Backspace', 'Escape');
    // A state, and all states again.
    await click('[aria-label="Filters"] button:has-text("ready")');
    await click('[aria-label="Filters"] button:has-text("ready")');
    await press('j', 'Enter');
    await page.locator('[data-steady]').first().waitFor();
    await page.goBack();
    await page.locator('[data-environment]').first().waitFor();
  }
  return inputs;
}

/** Milliseconds from each input to the next paint, in a list with all its rows. */
export async function interactionTimes(page: Page, url: string, rows: number, rounds: number): Promise<number[]> {
  await page.addInitScript(observe);
  await page.goto(url);
  await page.locator(`[role="table"][aria-rowcount="${rows + 1}"]`).waitFor();
  const inputs = await useList(page, rounds);
  const reported = await page.evaluate<number[]>('[...interactions.values()]');
  return [...reported, ...Array.from({ length: Math.max(0, inputs - reported.length) }, () => shortest)];
}
