import type { Environment, MoatClient } from '../test/e2e/support/client.ts';
import { membersOf, nameOf, refusedBy } from './combinations.ts';
import type { Combination } from './combinations.ts';

/** Ids of what the emulated Azure has of an environment. */
export type ListResources = (name: string) => Promise<string[]>;

type Rows = { check: string; verdict: string; observed: string }[];

const flag = (value: 'enabled' | 'disabled'): RegExp => new RegExp(`${value}$`, 'i');

const networkMode = {
  enabled: /AllowInternetOutbound, Active$/,
  disabled: /AllowOnlyApprovedOutbound, Active$/,
};

/** What a row must have observed, by its check: the promise of the combination, apart from the verdicts. */
function promises(combination: Combination): [check: string, observed: RegExp][] {
  const { isolation, workspacePublicNetworkAccess, endpointPublicNetworkAccess, egressPublicNetworkAccess } =
    combination;
  return [
    ['public network access of the workspace', flag(workspacePublicNetworkAccess)],
    ['public network access of the online endpoint', flag(endpointPublicNetworkAccess)],
    [
      'scoring endpoint from outside',
      endpointPublicNetworkAccess === 'enabled' ? /^answered 401 .*; answered \d+ .* with / : /^refused with 403/,
    ],
    ...(isolation === 'privateEndpoints'
      ? ([['egress of the deployments', flag(egressPublicNetworkAccess)]] as [string, RegExp][])
      : ([['managed network of the workspace', networkMode[egressPublicNetworkAccess]]] as [string, RegExp][])),
  ];
}

const brokenPromises = (combination: Combination, rows: Rows): string[] =>
  promises(combination).flatMap(([check, observed]) => {
    const row = rows.find((one) => one.check === check);
    return row && observed.test(row.observed) ? [] : [`${check}: ${row?.observed ?? 'no row'}`];
  });

/** What is wrong with an environment that must be ready. */
function faultsOf(combination: Combination, { state, failure, receipt }: Environment): string[] {
  if (state !== 'ready') return [`${state}: ${failure?.type} ${failure?.message}`];
  const { rows = [], complete = false } = receipt?.proof ?? {};
  const open = rows.filter(({ verdict }) => verdict !== 'passed');
  return [
    ...open.map(({ check, verdict, observed }) => `${check}: ${verdict}: ${observed}`),
    ...(complete ? [] : ['the proof is not complete']),
    ...brokenPromises(combination, rows),
    ...(receipt?.score?.status === 200 ? [] : [`the sample was answered ${receipt?.score?.status}`]),
    ...(combination.served === 'noCode' && receipt?.image?.image !== null ? ['an image was built'] : []),
  ];
}

/** What is wrong with an environment that a rule must refuse. */
async function acceptedFaults(rules: string[], { state, failure, name }: Environment, list: ListResources) {
  if (state !== 'failed' || failure?.type !== 'PreflightFailed') return [`${state}: ${failure?.type}, not refused`];
  return [
    ...rules
      .filter((rule) => !failure.message.includes(`${rule}: `))
      .map((rule) => `${rule} is not in: ${failure.message}`),
    ...(await list(name)).map((id) => `created: ${id}`),
  ];
}

/** What is wrong with the plan: a rule that refuses the combination must be among its findings, and no other finding may block. */
async function planFaults(client: MoatClient, request: object, rules: readonly string[]): Promise<string[]> {
  const { status, body } = await client.call('POST', '/plans', request);
  if (status !== 200) return [`POST /plans: ${status} ${JSON.stringify(body)}`];
  const { findings } = body as { findings: { rule: string; severity: string }[] };
  const blocking = findings.filter(({ severity }) => severity === 'blocks').map(({ rule }) => rule);
  return blocking.join() === rules.join() ? [] : [`the plan is blocked by ${blocking.join(', ') || 'nothing'}`];
}

/**
 * Plans and creates an environment of the combination, and deletes it. Returns what is wrong: a plan that says otherwise, a proof that is not complete or not the promised one, something
 * that remains, or, for one that a rule must refuse, anything that was created.
 */
export async function tryCombination(
  client: MoatClient,
  list: ListResources,
  combination: Combination,
): Promise<string[]> {
  const name = nameOf(combination);
  const rules = refusedBy(combination);
  const request = { name, location: 'westus2', ...membersOf(combination) };
  const plan = await planFaults(client, request, rules);
  const { status, body } = await client.create(request);
  if (status !== 202) return [`POST: ${status} ${JSON.stringify(body)}`];
  const ended = await client.until(name, 'ready', 'failed');
  const faults = rules.length === 0 ? faultsOf(combination, ended) : await acceptedFaults(rules, ended, list);
  await client.remove(name);
  const { state, receipt } = await client.get(name);
  const remaining = [...(receipt?.remaining ?? []), ...(await list(name))];
  return [
    ...plan,
    ...faults,
    ...(state === 'deleted' ? [] : [`after DELETE: ${state}`]),
    ...remaining.map((id) => `remains: ${id}`),
  ];
}
