import type { Azure } from '../../azure/connectAzure.ts';
import type { ProbeResult } from '../../azure/probe.ts';
import type { ProofRow } from '../../domain/environment.ts';
import { isPrivateAddress } from '../../domain/insideProbe.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { buildInternetRule, plannedResource, resourceName } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';
import { resourceHandle } from '../resources/resourceType.ts';
import { readOutputs } from '../resources/readOutputs.ts';
import { readGroup } from '../resources/resourceGroup.ts';

/**
 * How Azure's services refuse requests over the public network: registry, storage, vault, workspace and its endpoints
 * (Azure docs: registry firewall, storage firewall, Key Vault network security, private link for workspaces).
 */
const refusals: readonly RegExp[] = [
  /private link|private endpoint/i,
  /client with IP '[^']*' is not allowed access/i,
  /AuthorizationFailure|not authorized to perform this operation/i,
  /public network access is disabled|ForbiddenByConnection|ForbiddenByFirewall/i,
];

/**
 * Evaluates a probe from outside. An unknown name, a refused connection and the service's own refusal of public access count as closed;
 * a timeout only if ARM answers at the same moment. A private address shows that the probe did not run outside. Any other answer means
 * open, 401 and 404 of the registry included.
 */
export function evaluateOutside(probe: ProbeResult, armAnswers: boolean): Omit<ProofRow, 'check'> {
  const { addresses, status, body, error } = probe;
  const where = addresses.length > 0 ? ` at ${addresses.join(', ')}` : '';
  if (addresses.some(isPrivateAddress)) {
    return { verdict: 'unknown', observed: `resolved to a private address${where}: the probe ran inside the network` };
  }
  if (status !== null) {
    const closed = status === 403 && refusals.some((text) => text.test(body ?? ''));
    if (closed) return { verdict: 'passed', observed: `refused with 403${where}` };
    return { verdict: 'failed', observed: `answered ${status}${where}` };
  }
  switch (error) {
    case 'nxdomain':
      return { verdict: 'passed', observed: 'the name does not resolve' };
    case 'refused':
      return { verdict: 'passed', observed: `the connection was refused${where}` };
    case 'timeout':
      return armAnswers
        ? { verdict: 'passed', observed: `no answer${where}, while Azure Resource Manager answered` }
        : { verdict: 'unknown', observed: `no answer${where}, and none from Azure Resource Manager` };
    default:
      return {
        verdict: 'unknown',
        observed: `neither an answer nor a refused connection${where}: ${error ?? 'no error'}`,
      };
  }
}

/**
 * Evaluates a probe of the scoring address. Whether its gateway checks the key or the network first is not published: without a key a
 * 401 or 404 says nothing; with the key, an answer of the model means open, and a 401, 404 or 5xx still says nothing.
 */
export function evaluateScoring(
  probe: ProbeResult,
  armAnswers: boolean,
  withKey: boolean,
): Omit<ProofRow, 'check'> & { repeatWithKey: boolean } {
  const { status } = probe;
  const saysNothing = status === 401 || status === 404 || (withKey && status !== null && status >= 500);
  const row = evaluateOutside(probe, armAnswers);
  const observed = withKey ? `${row.observed}, with the endpoint's key` : row.observed;
  if (row.verdict !== 'failed' || !saysNothing) return { ...row, observed, repeatWithKey: false };
  return { verdict: 'unknown', observed: `${observed}: neither the model nor a refusal`, repeatWithKey: !withKey };
}

/** The endpoint's key stays in this function: it is part of no row, no error and no log. */
async function probeScoring(azure: Azure, ref: EnvironmentRef, url: string): Promise<Omit<ProofRow, 'check'>> {
  const [first, arm] = await Promise.all([azure.probeOutside(url), armAnswers(azure, ref)]);
  const { repeatWithKey, ...row } = evaluateScoring(first, arm, false);
  if (!repeatWithKey) return row;
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'onlineEndpoint').id);
  const { onlineEndpoints } = clients.machineLearning;
  const { primaryKey } = await onlineEndpoints.listKeys(group, names[0]!, names[1]!).catch(() => ({ primaryKey: '' }));
  if (!primaryKey) return { ...row, observed: `${row.observed}; the endpoint's key could not be listed` };
  const [second, armAgain] = await Promise.all([azure.probeOutside(url, { key: primaryKey }), armAnswers(azure, ref)]);
  const { repeatWithKey: _, ...secondRow } = evaluateScoring(second, armAgain, true);
  return secondRow;
}

async function armAnswers(azure: Azure, ref: EnvironmentRef): Promise<boolean> {
  try {
    await readGroup(azure, ref);
    return true;
  } catch {
    return false;
  }
}

/**
 * Probes from outside what must be closed there. Vault, storage and workspace are not included: without a token they may answer 401 before
 * they check the network rules, which would prove nothing.
 */
export async function proveOutside(
  deps: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ rows: ProofRow[] }> {
  const { azure } = deps;
  const { scoringUri } = await readOutputs(deps, { ref });
  const registryUrl = `https://${resourceName(ref, 'registry')}.azurecr.io/v2/`;
  const [scoring, registry, arm] = await Promise.all([
    probeScoring(azure, ref, scoringUri),
    azure.probeOutside(registryUrl),
    armAnswers(azure, ref),
  ]);
  return {
    rows: [
      { check: 'scoring endpoint from outside', ...scoring },
      { check: 'container registry from outside', ...evaluateOutside(registry, arm) },
    ],
  };
}

/** Checks that the build-time Internet rule is removed. */
export async function checkInternetRule({ azure }: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<ProofRow> {
  const check = 'outbound Internet rule of the image build';
  const { clients, group, names } = resourceHandle(azure, buildInternetRule(ref).id);
  const rule = await ignoreNotFound(azure, clients.network.securityRules.get(group, names[0]!, names[1]!));
  return rule
    ? { check, verdict: 'failed', observed: `rule ${names[1]} still exists` }
    : { check, verdict: 'passed', observed: 'the rule does not exist' };
}
