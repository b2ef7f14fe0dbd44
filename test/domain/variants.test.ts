import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasOwnEndpoints, openResources } from '../../src/domain/isolationSpec.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { variantRules } from '../../src/domain/variantRules.ts';
import { combinations, dimensions, membersOf, nameOf, pairwiseSample, refusedBy } from '../../variants/combinations.ts';
import type { Combination } from '../../variants/combinations.ts';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  row(head),
  row(head.map(() => '---')),
  ...rows.map(row),
];
const code = (text: string): string => `\`${text}\``;

/** The results of `npm run test:variants`, newest last. */
const results = readFileSync(new URL('../../docs/variants.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as { name: string; expected: string; result: string });
const resultOf = (one: Combination) => results.findLast(({ name }) => name === nameOf(one));

/** What a rule says about a combination, and how its execution ended. */
function cell(one: Combination): string {
  const rules = refusedBy(one);
  return rules.length === 0 ? 'allowed' : `refused: ${rules.join(', ')}`;
}

const { authMode, served, ...places } = dimensions;
const ref = { subscriptionId: '', name: 'a', suffix: 'b' };

/** Combinations that differ in authentication and model only. */
const groups = [
  ...Map.groupBy(combinations, (one) =>
    Object.keys(places)
      .map((key) => one[key as keyof typeof places])
      .join(' '),
  ).values(),
];

function openOf(one: Combination): string {
  const open = Object.entries(openResources(membersOf(one))).filter(([, isOpen]) => isOpen);
  return open.map(([key]) => plannedResource(ref, key as 'workspace').title).join(', ') || 'nothing';
}

function groupRow(group: readonly Combination[]): string[] {
  const [first] = group;
  const { isolation, workspacePublicNetworkAccess, endpointPublicNetworkAccess, egressPublicNetworkAccess } = first!;
  const cells = served.map((model) => cell(group.find((one) => one.served === model)!));
  const allowed = cells.some((text) => text === 'allowed');
  const values = [isolation, workspacePublicNetworkAccess, endpointPublicNetworkAccess, egressPublicNetworkAccess];
  return [...values, ...cells, allowed ? openOf(first!) : ''];
}

const ran = (some: readonly Combination[]) => some.filter((one) => resultOf(one)?.result === 'ok').length;

/** The combinations as a document. `vitest -u` writes it. */
function variantsDocument(): string {
  const allowed = combinations.filter((one) => refusedBy(one).length === 0);
  const refused = combinations.filter((one) => refusedBy(one).length > 0);
  return [
    '# The variants of an environment',
    '',
    'The members of a spec that decide who reaches the endpoint and what its deployment reaches can be combined, within the rules of the',
    'article. `POST /plans` and the step `preflight` apply the rules: what they refuse is refused before anything is created. The rules are in',
    '`src/domain/variantRules.ts`; `test/domain/variants.test.ts` writes this page and compares it with a second statement of the article.',
    '',
    '| member | values | meaning |',
    '| --- | --- | --- |',
    '| `isolation` | `privateEndpoints` (default), `managedNetwork` | how the deployment is isolated |',
    '| `workspacePublicNetworkAccess` | `disabled` (default), `enabled` | whether the API of the workspace answers from the Internet |',
    '| `endpointPublicNetworkAccess` | `disabled` (default), `enabled` | whether scoring requests may come from the Internet |',
    '| `egressPublicNetworkAccess` | `disabled` (default), `enabled` | whether the deployment reaches the Internet; with `managedNetwork`, whether the network lets out everything |',
    '| `authMode` | `key` (default), `amlToken`, `aadToken` | what a scoring request carries. Each can be combined with everything |',
    '| `serving` | `builtImage` (default), `noCode` | whether Moat builds the image, or the image of Azure serves an MLflow model |',
    '',
    '## Combinations',
    '',
    `${combinations.length}, of which ${allowed.length} are allowed: the rows below with each of ${authMode.map(code).join(', ')}. An own model is like the sample of its format.`,
    '',
    ...table(
      [
        'isolation',
        'workspace',
        'endpoint',
        'egress',
        'custom',
        'MLflow',
        'MLflow without code',
        'accepts requests from the Internet, with credentials',
      ],
      groups.map(groupRow),
    ),
    '',
    'With public egress and without a managed network, the storage account is open for the model, and the registry for the image that Moat built;',
    'with `serving: noCode` it stays closed ([ADR 40](adr/0040-what-public-egress-opens.md)).',
    '',
    '## Rules',
    '',
    ...table(
      ['rule', 'what must hold', 'finding', 'source'],
      variantRules.map(({ id, title, severity, source }) => [id, title, code(severity), source]),
    ),
    '',
    'A model that is served without code needs the file `MLmodel`, which the step `image` checks: before a run, nobody but the jumpbox has read the repository.',
    '',
    '## What each variant proves',
    '',
    'The proof has the same rows in every variant of one method; what they expect follows from the spec ([the proof](proof.md#what-the-spec-opens)). What the spec',
    'opens must refuse requests without credentials, and an open endpoint must answer one with them. A repair of `onDrift` closes nothing that the spec opens.',
    '',
    '## Authentication',
    '',
    'The jumpbox fetches what it sends with its own identity, which has one role with one action. Keys and tokens are in no output, log or history.',
    '',
    '| `authMode` | in ARM | the jumpbox sends | action of its role |',
    '| --- | --- | --- | --- |',
    '| `key` | `Key` | the primary key | `onlineEndpoints/listKeys/action` |',
    '| `amlToken` | `AMLToken` | a token that the endpoint issues, valid for 12 hours | `onlineEndpoints/token/action` |',
    '| `aadToken` | `AADToken` | a token of Microsoft Entra ID for `https://ml.azure.com` | `onlineEndpoints/score/action` |',
    '',
    'With `aadToken`, clients need a role with that action on the endpoint, like AzureML Data Scientist. So does the worker, whose own token the',
    'proof uses from outside where the endpoint is open: Contributor has it.',
    '',
    '## Executed on the emulator',
    '',
    `\`npm run test:variants\` runs every combination: an allowed one to a complete proof with the rows that it promises, a score and an empty teardown; a refused one to`,
    `its rule, with nothing created. Right: ${ran(allowed)} of ${allowed.length} allowed ones, ${ran(refused)} of ${refused.length} refused ones (\`docs/variants.jsonl\`). CI runs a sample in \`test/e2e/variants.test.ts\`.`,
    'Nothing has run against a live Azure subscription.',
    '',
  ].join('\n');
}

test('docs/variants.md shows the rules and what was executed', async () => {
  await expect(variantsDocument()).toMatchFileSnapshot('../../docs/variants.md');
});

/**
 * The article, in the words of its sections: prerequisites ("If you plan to use public egress, the workspace must allow public access"),
 * limitations (Microsoft's registry, curated images and MLflow without code are out of reach without egress), scenarios (all four combinations of
 * the two flags), and the current edition (a managed network lets out what is approved or everything; Microsoft's registry is reachable from it).
 */
function articleAllows(one: Combination): boolean {
  const isOwn = one.isolation === 'privateEndpoints';
  const [workspace, egress] = [one.workspacePublicNetworkAccess, one.egressPublicNetworkAccess];
  if (!isOwn) return true;
  if (egress === 'enabled') return workspace === 'enabled';
  return one.served !== 'noCode';
}

test('the rules refuse exactly what the article does not allow', () => {
  const differing = combinations.filter((one) => articleAllows(one) !== (refusedBy(one).length === 0));
  expect(differing).toEqual([]);
  expect(combinations).toHaveLength(144);
});

test('authentication and public access of the endpoint are free', () => {
  for (const one of combinations)
    for (const other of [{ authMode: 'aadToken' }, { endpointPublicNetworkAccess: 'enabled' }] as const)
      expect(refusedBy({ ...one, ...other })).toEqual(refusedBy(one));
});

test('a deployment has private endpoints of its own, or reaches the Internet, or is in the managed network', () => {
  const own = combinations.filter((one) => hasOwnEndpoints(one));
  expect(own.every((one) => one.isolation === 'privateEndpoints')).toBe(true);
  expect(own.map((one) => one.egressPublicNetworkAccess)).toEqual(own.map(() => 'disabled'));
});

test('no spec opens the vault, and without public egress neither storage nor registry', () => {
  for (const one of combinations) {
    const open = openResources(membersOf(one));
    const isOpen = one.isolation === 'privateEndpoints' && one.egressPublicNetworkAccess === 'enabled';
    expect([open.vault, open.storageAccount]).toEqual([false, isOpen]);
    expect(open.registry).toBe(isOpen && one.served !== 'noCode');
  }
});

test('each recorded execution is of a combination that the rules still treat alike', () => {
  for (const { name, expected } of results) {
    const rules = refusedBy(combinations.find((one) => nameOf(one) === name)!);
    expect([name, expected]).toEqual([
      name,
      rules.length === 0 ? 'a complete proof and an empty teardown' : `refused by ${rules.join(', ')}`,
    ]);
  }
});

test('a sample has as many different pairs of values as it can', () => {
  const sample = pairwiseSample(combinations, 8);
  expect(new Set(sample.map(nameOf)).size).toBe(8);
  for (const [key, values] of Object.entries(dimensions))
    expect(new Set(sample.map((one) => one[key as keyof Combination]))).toEqual(new Set<string>(values));
});
