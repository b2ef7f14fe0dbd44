import type { Azure } from '../../azure/connectAzure.ts';
import type { ProbeResult } from '../../azure/probe.ts';
import type { ProofRow } from '../../domain/environment.ts';
import { isPrivateAddress } from '../../domain/insideProbe.ts';
import { names as namesOf } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { buildInternetRule } from '../../domain/resources.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';
import { lookup } from '../resources/lookup.ts';
import { resourceHandle } from '../resources/resourceType.ts';
import { readOutputs } from '../resources/readOutputs.ts';
import { readGroup } from '../resources/resourceGroup.ts';

/**
 * How Azure's services refuse who comes by the public way: registry, storage, vault, workspace and its endpoints
 * (Azure docs: registry firewall, storage firewall, Key Vault network security, private link for workspaces).
 */
const refusals: readonly RegExp[] = [
  /private link|private endpoint/i,
  /client with IP '[^']*' is not allowed access/i,
  /AuthorizationFailure|not authorized to perform this operation/i,
  /public network access is disabled|ForbiddenByConnection|ForbiddenByFirewall/i,
];

/**
 * Judges what was seen from outside. A closed door is an unknown name, a refusal, or the service's own refusal of the public
 * way; silence counts only while ARM answers at the same moment; an address inside the network shows that the view was none
 * from outside. Any other answer is an open door, 401 included.
 */
export function evaluateOutside(sight: ProbeResult, armAnswers: boolean): Omit<ProofRow, 'check'> {
  const { addresses, status, body, error } = sight;
  const where = addresses.length > 0 ? ` at ${addresses.join(', ')}` : '';
  if (addresses.some(isPrivateAddress)) {
    return { verdict: 'unknown', observed: `resolved to a private address${where}: seen from inside the network` };
  }
  if (status !== null) {
    const closed = status === 403 && refusals.some((text) => text.test(body ?? ''));
    if (closed) return { verdict: 'passed', observed: `refused with 403${where}` };
    return { verdict: 'failed', observed: `answered ${status}${where}` };
  }
  switch (error) {
    case 'nxdomain':
      return { verdict: 'passed', observed: 'the name is unknown' };
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

async function armAnswers(azure: Azure, site: EnvironmentRef): Promise<boolean> {
  try {
    await readGroup(azure, site);
    return true;
  } catch {
    return false;
  }
}

/**
 * What must be closed to the outside. Vault, storage and workspace are not among them: without a token they may ask for one
 * before they refuse the public way, which would prove nothing.
 */
async function doors(deps: ActivityDeps, site: EnvironmentRef): Promise<{ check: string; url: string }[]> {
  const { scoringUri } = await readOutputs(deps, { site });
  return [
    { check: 'scoring endpoint from outside', url: scoringUri },
    { check: 'container registry from outside', url: `https://${namesOf(site).registry}.azurecr.io/v2/` },
  ];
}

/** Tries every door of the environment from outside its network. */
export async function proveOutside(deps: ActivityDeps, { site }: { site: EnvironmentRef }): Promise<{ rows: ProofRow[] }> {
  const { azure } = deps;
  const rows = (await doors(deps, site)).map(async ({ check, url }): Promise<ProofRow> => {
    const [sight, arm] = await Promise.all([azure.outside(url), armAnswers(azure, site)]);
    return { check, ...evaluateOutside(sight, arm) };
  });
  return { rows: await Promise.all(rows) };
}

/** Whether the build-time Internet rule is gone. */
export async function checkInternetRule({ azure }: ActivityDeps, { site }: { site: EnvironmentRef }): Promise<ProofRow> {
  const check = 'outbound Internet rule of the image build';
  const { clients, group, names } = resourceHandle(azure, buildInternetRule(site).id);
  const rule = await lookup(azure, clients.network.securityRules.get(group, names[0]!, names[1]!));
  return rule
    ? { check, verdict: 'failed', observed: `rule ${names[1]} is still there` }
    : { check, verdict: 'passed', observed: 'the rule is gone' };
}
