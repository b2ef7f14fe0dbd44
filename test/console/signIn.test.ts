import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../e2e/support/client.ts';
import { freePort } from '../e2e/support/moat.ts';
import { clientId, startIdentityProvider } from '../support/identityProvider.ts';
import { expectAccessible, screenshot, startConsole } from './support/console.ts';
import type { ConsoleUnderTest } from './support/console.ts';

let console: ConsoleUnderTest;
let provider: Awaited<ReturnType<typeof startIdentityProvider>>;
const directory = mkdtempSync(join(tmpdir(), 'moat-sign-in-'));
const fileOf = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};
const lineOf = (owner: string, key: string, role: string): string =>
  `${owner} ${createHash('sha256').update(key).digest('hex')} role=${role}\n`;

beforeAll(async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  provider = await startIdentityProvider(`${url}/auth/callback`);
  console = await startConsole('console-sign-in', {
    MOAT_PORT: String(port),
    MOAT_PUBLIC_URL: url,
    MOAT_OIDC_ISSUER: provider.issuer,
    MOAT_OIDC_AUDIENCE: 'moat',
    MOAT_OIDC_CLIENT_ID: clientId,
    MOAT_API_KEYS_FILE: fileOf('keys', lineOf('root', 'root-key', 'operator') + lineOf('cy', 'cy-key', 'owner')),
    MOAT_POLICY_FILE: fileOf('policy.json', JSON.stringify({ environmentsPerOwner: 3, locations: ['westus2'] })),
  });
  const client = createClient(url, 'root-key');
  await client.create({ name: 'churn1', location: 'westus2', owner: 'ana' });
  await client.until('churn1', 'ready');
}, 180_000);
afterAll(async () => {
  await console?.close();
  await provider?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What the browser logs while nobody is signed in. */
const expectedErrors = /401/;
const signInLink = (page: Page) => page.getByRole('link', { name: 'Sign in with your account' });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });
const me = (page: Page) => page.getByRole('banner');

async function signIn(path: string, account: string): Promise<Page> {
  const page = await console.open(path, { expectedErrors });
  await signInLink(page).click();
  await page.getByRole('link', { name: account, exact: true }).click();
  return page;
}

it('leads to the provider and back to the page, and shows who is signed in', async () => {
  const page = await console.open('/about', { expectedErrors });
  await heading(page, 'Sign in').waitFor();
  expect(await page.getByText('westus2').count()).toBe(0);
  await screenshot(page, 'sign-in');
  await expectAccessible(page);
  await signInLink(page).click();
  await page.getByRole('link', { name: 'ana', exact: true }).click();
  await page.waitForURL('**/console/about');
  await me(page).getByText('ana', { exact: true }).waitFor();
  const rights = page.getByRole('region', { name: 'You' });
  await rights.getByText('owner: read everything, change own environments').waitFor();
  await rights.getByText('1 of 3').waitFor();
  await rights.getByText('westus2').waitFor();
  await screenshot(page, 'about-signed-in');
  await expectAccessible(page);
});

it('a session that ends during a visit is reported, and signing in leads back to the same page', async () => {
  const page = await signIn('/environments/churn1/runs', 'ana');
  await heading(page, 'churn1').waitFor();
  await page.context().clearCookies({ name: 'moat-session' });
  // Whatever the page requests next leads to the sign-in, before or after this click.
  const click = page.getByRole('link', { name: 'About' }).click();
  await page.getByText('Your session has ended.').waitFor();
  const address = page.url();
  // The provider still knows the account.
  await signInLink(page).click();
  await page.waitForURL(address);
  await me(page).getByText('ana', { exact: true }).waitFor();
  await click;
});

it('signing out ends the session', async () => {
  const page = await signIn('/environments', 'ana');
  await me(page).getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in').waitFor();
  expect(await page.getByText('Your session has ended.').count()).toBe(0);
  await page.reload();
  await heading(page, 'Sign in').waitFor();
});

it.each([
  ['eve', 'Your role is reader, which does not include this.'],
  ['bob', 'Only ana and operators may do this: you are bob.'],
])('%s cannot press what is not allowed, and reads why', async (account, reason) => {
  const page = await signIn('/environments/churn1', account);
  const actions = page.getByRole('group', { name: 'Actions' });
  for (const name of ['Renew…', 'Delete…']) {
    const button = actions.getByRole('button', { name, disabled: true });
    await button.waitFor();
    expect(await button.getAttribute('aria-description')).toBe(reason);
  }
  await expectAccessible(page);
  await actions.getByRole('button', { name: 'Delete…' }).focus();
  await page.getByText(reason).waitFor();
  await screenshot(page, `refused-${account}`);
  await page.getByRole('link', { name: 'Sweeps' }).click();
  await page.getByRole('button', { name: 'Dry run', disabled: true }).first().waitFor();
});

it('an operator may change the environments of others', async () => {
  const page = await signIn('/environments/churn1', 'root');
  await page.getByRole('button', { name: 'Delete…', disabled: false }).waitFor();
});

it('a key opens a session, and a wrong one does not', async () => {
  const page = await console.open('/environments', { expectedErrors });
  await page.getByLabel('API key').fill('wrong-key');
  await page.getByRole('button', { name: 'Sign in with the key' }).click();
  await page.getByRole('alert').getByText('The key was not accepted').waitFor();
  await page.getByLabel('API key').fill('cy-key');
  await page.getByRole('button', { name: 'Sign in with the key' }).click();
  await me(page).getByText('cy', { exact: true }).waitFor();
  await page.getByRole('row', { name: /churn1/ }).waitFor();
  // The stream of events has the session too.
  expect(await page.getByText('Lost connection').count()).toBe(0);
});

it.each([
  ['cancel', 'The sign-in was cancelled.'],
  ['guest', 'Your account has no role in Moat.'],
])('a sign-in that fails says why: %s', async (account, sentence) => {
  const page = await signIn('/environments', account);
  await page.getByText(sentence).waitFor();
  await expectAccessible(page);
});
