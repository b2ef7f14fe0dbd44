import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArmClient } from '../e2e/support/arm.ts';
import { groupsOf, installation, orphanTags, sealOf } from '../e2e/support/orphans.ts';
import { until } from '../e2e/support/until.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
let groups: ReturnType<typeof groupsOf>;
beforeAll(async () => {
  const settings = { ...installation, MOAT_SWEEP_GRACE: '0m', MOAT_SWEEP_INTERVAL: '7d' };
  console = await startConsole('console-sweeps', settings);
  groups = groupsOf(createArmClient(console.moat));
}, 120_000);
afterAll(() => console?.close());

const section = (page: Page, heading: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: heading, level: 2, exact: true }) });

it('an installation without sweeps shows the next one, the policy, and offers a dry run', async () => {
  const page = await console.open('/sweeps');
  await page.getByRole('heading', { name: 'No sweep has run yet' }).waitFor();
  const schedule = page.getByRole('region', { name: 'Next sweep' });
  await schedule.getByText(/^in \d d/).waitFor();
  await schedule.getByText('A sweep runs every 7 days').waitFor();
  await schedule.getByText('One sweep requests at most 5 teardowns').waitFor();
  await screenshot(page, 'sweeps-empty');
  await expectAccessible(page);
});

it('a dry run shows what would be deleted and kept, and why, and deletes nothing', async () => {
  await groups.put('old', orphanTags('old', 5));
  await groups.put('kept', orphanTags('kept', -5));
  await groups.put('other', { ...orphanTags('other', 5), 'moat-seal': sealOf('other', 'key of another installation') });
  const page = await console.open('/sweeps');
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByRole('heading', { name: 'Dry run', level: 1 }).waitFor();
  await section(page, 'Would be deleted')
    .getByRole('row', { name: /old ana 5 h ago lease expired at .* grace period ended at/ })
    .waitFor();
  const kept = section(page, 'Would be kept').first();
  await kept.getByText('1 environment has a lease that has not expired.').waitFor();
  await kept.getByRole('row', { name: /^other/ }).waitFor();
  await screenshot(page, 'sweep-dry-run');
  await expectAccessible(page);
  expect(await groups.exists('old')).toBe(true);
  await page.getByRole('link', { name: 'All sweeps' }).click();
  await page.getByRole('row', { name: /dry run completed 2 0 would be 1 0/ }).waitFor();
});

it('a sweep that stopped is approved, by typing what is deleted, and deletes', async () => {
  const many = Array.from({ length: 12 }, (_, i) => `many${i}`);
  await Promise.all(many.map((name, i) => groups.put(name, orphanTags(name, 6 + i))));
  const page = await console.open('/sweeps');
  await page.getByRole('table', { name: 'Sweeps' }).waitFor();
  await console.client.call('POST', '/sweeps');
  await page.getByText('13 environments due, nothing was deleted.').waitFor();
  await screenshot(page, 'sweeps');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Examine and approve' }).click();
  await page.getByText('13 of 14 environments are due at once').waitFor();
  await page.getByRole('row', { name: /^many11 ana/ }).waitFor();
  await screenshot(page, 'sweep-stopped');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Approve the teardown of 13 environments' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 13 environments?' });
  await dialog.getByText('Everything in the resource groups').waitFor();
  await screenshot(page, 'sweep-approve');
  await expectAccessible(page);
  const confirm = dialog.getByRole('button', { name: 'Approve and delete' });
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('delete 13');
  await confirm.click();
  await page.getByRole('heading', { name: 'Approved sweep', level: 1 }).waitFor();
  await section(page, 'Deleted')
    .getByRole('row', { name: /^many11 .* teardown requested$/ })
    .waitFor();
  await screenshot(page, 'sweep-approved');
  await until('the group of many11 is removed', async () => !(await groups.exists('many11')));
  expect(await groups.exists('many0')).toBe(true);
  await page.getByRole('link', { name: 'the sweep that stopped' }).click();
  await page.getByRole('link', { name: 'The approved sweep' }).waitFor();
}, 120_000);
