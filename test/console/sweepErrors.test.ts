import { afterAll, beforeAll, it } from 'vitest';
import { createArmClient } from '../e2e/support/arm.ts';
import { groupsOf, installation, orphanTags } from '../e2e/support/orphans.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  const settings = { ...installation, MOAT_SWEEP_GRACE: '0m', MOAT_SWEEP_INTERVAL: '7d' };
  console = await startConsole('console-sweep-errors', settings);
  const groups = groupsOf(createArmClient(console.moat));
  await Promise.all(
    Array.from({ length: 12 }, (_, i) => `many${i}`).map((name, i) => groups.put(name, orphanTags(name, 6 + i))),
  );
}, 120_000);
afterAll(() => console?.close());

const expectedErrors = /ERR_|Failed to load resource/;

it('a dry run that cannot be started says why, and can be repeated', async () => {
  const page = await console.open('/sweeps', { expectedErrors });
  const button = page.getByRole('button', { name: 'Dry run' });
  await button.waitFor();
  await console.moat.kill('api');
  await button.click();
  const problem = page.getByRole('alert').filter({ hasText: 'The dry run was not started' });
  await problem.getByText('No answer from Moat.').waitFor();
  await problem.getByText(/Remedy:.*Moat is running/).waitFor();
  await screenshot(page, 'sweeps-dry-run-error');
  await expectAccessible(page);
  console.moat.start('api');
  await console.moat.ready();
  await button.click();
  await page.getByRole('heading', { name: 'Dry run', level: 1 }).waitFor();
});

it('an approval that is not answered says so in its dialog, and can be repeated', async () => {
  const page = await console.open('/sweeps', { expectedErrors });
  await console.client.call('POST', '/sweeps');
  await page.getByRole('link', { name: 'Examine and approve' }).click();
  await page.getByRole('button', { name: 'Approve the teardown of 12 environments' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('delete 12');
  await console.moat.kill('api');
  const confirm = dialog.getByRole('button', { name: 'Approve and delete' });
  await confirm.click();
  const problem = dialog.getByRole('alert');
  await problem.getByText('The sweep was not approved').waitFor();
  await screenshot(page, 'sweep-approve-error');
  await expectAccessible(page);
  console.moat.start('api');
  await console.moat.ready();
  await confirm.click();
  await page.getByRole('heading', { name: 'Approved sweep', level: 1 }).waitFor();
}, 120_000);
