import type { Azure } from '../../azure/connectAzure.ts';
import type { ProbeResult } from '../../azure/probe.ts';
import type { ProofRow } from '../../domain/environment.ts';
import { isPrivateAddress } from '../../domain/insideProbe.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { buildInternetRule, resourceName } from '../../domain/resources.ts';
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
 * open, 401 included.
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
      return { verdict: 'unknown', observed: `neither answer nor refusal${where}: ${error ?? 'nothing'}` };
  }
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
 * What must be closed to the outside. Vault, storage and workspace are not among them: without a token they may ask for one
 * before they refuse public access, which would prove nothing.
 */
async function publicUrls(deps: ActivityDeps, ref: EnvironmentRef): Promise<{ check: string; url: string }[]> {
  const { scoringUri } = await readOutputs(deps, { ref });
  return [
    { check: 'scoring endpoint from outside', url: scoringUri },
    { check: 'container registry from outside', url: `https://${resourceName(ref, 'registry')}.azurecr.io/v2/` },
  ];
}

/** Probes everything that must be closed, from outside the network. */
export async function proveOutside(
  deps: ActivityDeps,
  { ref }: { ref: EnvironmentRef },
): Promise<{ rows: ProofRow[] }> {
  const { azure } = deps;
  const rows = (await publicUrls(deps, ref)).map(async ({ check, url }): Promise<ProofRow> => {
    const [probe, arm] = await Promise.all([azure.probeOutside(url), armAnswers(azure, ref)]);
    return { check, ...evaluateOutside(probe, arm) };
  });
  return { rows: await Promise.all(rows) };
}

/** Whether the build-time Internet rule is removed. */
export async function checkInternetRule({ azure }: ActivityDeps, { ref }: { ref: EnvironmentRef }): Promise<ProofRow> {
  const check = 'outbound Internet rule of the image build';
  const { clients, group, names } = resourceHandle(azure, buildInternetRule(ref).id);
  const rule = await ignoreNotFound(azure, clients.network.securityRules.get(group, names[0]!, names[1]!));
  return rule
    ? { check, verdict: 'failed', observed: `rule ${names[1]} still exists` }
    : { check, verdict: 'passed', observed: 'the rule does not exist' };
}
