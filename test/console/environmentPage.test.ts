import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmulatorControl } from '../e2e/support/control.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  // slow enough to be watched: a run takes about twenty seconds
  console = await startConsole('console-environment', { MOAT_EMULATOR_TIME_SCALE: '1/150' });
}, 120_000);
afterAll(() => console?.close());

const steps = (page: Page) => page.getByRole('list', { name: 'Steps', exact: true });
const row = (page: Page, step: string) => steps(page).getByRole('button', { name: new RegExp(`^\\w+ ${step} `) });
const node = (page: Page, state: string, step: string) =>
  page.getByRole('group', { name: 'Steps and what they need' }).getByRole('button', { name: `${state} ${step}` });
/** Waits until the page announces this. */
const announced = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();

it('a run is watched live, from the request until it is ready, in the sentence, graph, timeline and rows', async () => {
  await console.client.create({ name: 'churn1', location: 'westus2', suffix: 'churn1' });
  const page = await console.open('/environments/churn1');
  await announced(page, /churn1 is provisioning: Azure has been creating \w+/);
  await node(page, 'running', 'jumpbox').click();
  await steps(page).getByText('vm-churn1', { exact: true }).waitFor();
  await screenshot(page, 'environment-running');
  await announced(page, /churn1 is provisioning: Azure has been creating online deployment blue/);
  await page.getByText(/the step usually takes .* to .* \(an estimate\)/).waitFor();
  await screenshot(page, 'environment-deploying');
  await expectAccessible(page);
  await announced(page, 'churn1 is ready');
  for (const step of ['preflight', 'image', 'score']) await node(page, 'succeeded', step).waitFor();
  await row(page, 'endpoint').click();
  await steps(page).getByText('churn1-churn1/blue').waitFor();
  await page.getByRole('img', { name: /image .*, on the critical path/ }).waitFor();
  await screenshot(page, 'environment-ready');
  await expectAccessible(page);
});

it('a failed run shows its remedy and log, and provisioning again makes it ready when the cause is gone', async () => {
  const control = createEmulatorControl(console.moat);
  await control('PUT', 'objects/modelLoadSeconds', { value: 1_000 });
  await console.client.create({ name: 'slow', location: 'westus2' });
  const page = await console.open('/environments/slow');
  await row(page, 'score').hover();
  const pointedAt = (await row(page, 'score').boundingBox())!.y;
  await announced(page, 'slow is failed: at step endpoint');
  const { failure } = await console.client.get('slow');
  const problem = page.getByRole('alert');
  await problem.waitFor();
  const movedBy = (await row(page, 'score').boundingBox())!.y - pointedAt;
  expect(Math.round(movedBy), 'what is under the pointer stays there').toBe(0);
  await problem.getByText(failure!.remedy).waitFor();
  await problem.getByText(failure!.correlationId!).waitFor();
  await problem.getByLabel('Container log').waitFor();
  await node(page, 'failed', 'endpoint').waitFor();
  await screenshot(page, 'environment-failed');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Read the whole container log' }).click();
  await page.waitForURL('**/console/environments/slow/logs');
  await control('PUT', 'objects/modelLoadSeconds', { value: 0 });
  await page.getByRole('button', { name: 'Provision again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Provision again' }).click();
  await announced(page, 'slow is ready');
  await page.getByRole('tab', { name: 'Progress' }).click();
  await node(page, 'succeeded', 'endpoint').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

it('Raw has the JSON of the API, and the command that gets it', async () => {
  const page = await console.open('/environments/churn1');
  await page.getByRole('tab', { name: 'Raw' }).click();
  await page.waitForURL('**/console/environments/churn1/raw');
  const json = await page.getByLabel('JSON', { exact: true }).textContent();
  expect(JSON.parse(json!)).toEqual(await console.client.get('churn1'));
  await page.getByText(`curl ${console.moat.url}/environments/churn1`, { exact: true }).waitFor();
  await screenshot(page, 'environment-raw');
  await expectAccessible(page);
  await page.goBack();
  await node(page, 'succeeded', 'score').waitFor();
});
