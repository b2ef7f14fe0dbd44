import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Environment } from '../../src/client/index.ts';
import { createEmulatorControl } from '../e2e/support/control.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
beforeAll(async () => {
  console = await startConsole('console-step-details');
  await createEmulatorControl(console.moat)('POST', 'faults', {
    match: { method: 'PUT', type: 'Microsoft.Network/natGateways' },
    effect: { failOperation: { code: 'InternalServerError', message: 'An error occurred.' } },
  });
  await console.client.create({ name: 'churn1', location: 'westus2', suffix: 'churn1' });
  await console.client.until('churn1', 'ready');
}, 120_000);
afterAll(() => console?.close());

const steps = (page: Page) => page.getByRole('list', { name: 'Steps', exact: true });

/** The page of churn1, whose answers of the API are changed before it gets them. */
async function openChanged(change: (environment: Environment) => Environment): Promise<Page> {
  const page = await console.open('/about');
  await page.route(`${console.moat.url}/environments/churn1`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change((await response.json()) as Environment) });
  });
  await page.goto(`${console.moat.url}/console/environments/churn1`);
  return page;
}

it('a resource whose operation was tried twice says so', async () => {
  const page = await console.open('/environments/churn1');
  await steps(page)
    .getByRole('button', { name: /^\w+ network / })
    .click();
  const row = steps(page).locator('[title$="/natGateways/ng-churn1"], [title*="/natGateways/"]');
  await row.getByText('attempt 2').waitFor();
  expect(await steps(page).getByText('attempt 2').count()).toBe(2);
  await screenshot(page, 'environment-attempts');
  await expectAccessible(page);
});

it('on Azure every resource leads to its page in the portal', async () => {
  const group = '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-moat-churn1';
  const page = await openChanged((environment) => ({
    ...environment,
    links: { ...environment.links, portal: `https://portal.azure.com/#resource${group}` },
  }));
  const facts = page.getByRole('list', { name: 'Facts' });
  expect(await facts.getByRole('link', { name: 'Azure portal' }).getAttribute('href')).toContain(group);
  await steps(page)
    .getByRole('button', { name: /^\w+ network / })
    .click();
  const network = (await console.client.get('churn1')) as unknown as Environment;
  const resources = network.steps.find(({ id }) => id === 'network')!.resources;
  const links = steps(page).getByRole('link', { name: / in the Azure portal$/ });
  const addresses = await Promise.all((await links.all()).map((link) => link.getAttribute('href')));
  expect(addresses).toEqual(resources.map(({ id }) => `https://portal.azure.com/#resource${id}`));
  await screenshot(page, 'environment-portal');
  await expectAccessible(page);
});

/** Minutes from the start of the run. */
const times: Record<string, [from: number, to: number]> = {
  preflight: [0, 1],
  resourceGroup: [1, 2],
  network: [2, 4],
  workspace: [4, 7],
  jumpbox: [4, 8],
  image: [8, 12],
  endpoint: [12, 52],
  verify: [52, 53],
  score: [52, 54],
};

const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 27, 9, minutes)).toISOString();

it('a long wait is folded in the timeline, and its length is shown', async () => {
  const page = await openChanged((environment) => ({
    ...environment,
    steps: environment.steps.map((step) => {
      const [from, to] = times[step.id]!;
      return { ...step, since: at(from), finishedAt: at(to) };
    }),
  }));
  const timeline = page.getByRole('figure');
  await timeline.getByText('≈ 40 m', { exact: true }).waitFor();
  await timeline.getByText('long wait, folded').waitFor();
  // Ticks inside of the fold would be on top of each other.
  expect(await timeline.locator('text').allTextContents()).not.toContain('30 m');
  const bar = timeline.locator('title', { hasText: 'endpoint: 40 m' });
  expect(await bar.textContent()).toMatch(/from .* CET to .* CET/);
  await screenshot(page, 'environment-folded');
  await expectAccessible(page);
});
