import type { ProbeResult } from '../../azure/probe.ts';
import type { ProofRow } from '../../domain/environment.ts';
import { isPrivateAddress } from '../../domain/insideProbe.ts';

/**
 * How Azure's services refuse requests over the public network: registry, storage, vault, workspace and its endpoints
 * (Azure docs: registry firewall, storage firewall, Key Vault network security, private link for workspaces).
 */
const refusals: readonly RegExp[] = [
  /private link|private endpoint/i,
  /client with IP '[^']*' is not allowed access/i,
  // not AuthorizationPermissionMismatch, which a storage account answers once its firewall has let a request through
  /AuthorizationFailure/,
  /public network access is disabled|ForbiddenByConnection|ForbiddenByFirewall/i,
];

/** Statuses of a proxy between worker and service, or of a service that is down: no evidence. */
const ofSomethingBetween: readonly number[] = [407, 502, 503, 504, 511];

/** A verdict on a probe with what was observed. */
export type Evaluated = Pick<ProofRow, 'verdict' | 'observed'>;

/**
 * Evaluates a probe from outside. `controlAnswers`: the same worker reached Azure Resource Manager in the same minute, by the same way. The
 * service's own refusal is closed. An unknown name, a refused connection and silence count as closed with the control only. A private address
 * shows that the probe did not run outside. Any other answer means open.
 */
export function evaluateOutside(probe: ProbeResult, controlAnswers: boolean): Evaluated {
  const { addresses, status, body, error } = probe;
  const where = addresses.length > 0 ? ` at ${addresses.join(', ')}` : '';
  if (addresses.some(isPrivateAddress))
    return {
      verdict: 'inconclusive',
      observed: `resolved to a private address${where}: the probe ran inside the network`,
    };
  if (status === 403 && refusals.some((text) => text.test(body ?? '')))
    return { verdict: 'passed', observed: `refused with 403${where}` };
  const observed = status === null ? withoutAnswer(error, where) : `answered ${status}${where}`;
  if (!controlAnswers) return { verdict: 'inconclusive', observed: `${observed}; ${controlSilent}` };
  if (status !== null) {
    const nothing = ofSomethingBetween.includes(status);
    return { verdict: nothing ? 'inconclusive' : 'failed', observed };
  }
  const closed = error === 'nxdomain' || error === 'refused' || error === 'timeout';
  return closed
    ? { verdict: 'passed', observed: `${observed}, while Azure Resource Manager answered` }
    : { verdict: 'inconclusive', observed };
}

const controlSilent = 'Azure Resource Manager did not answer the same worker, so its network shows nothing';

function withoutAnswer(error: ProbeResult['error'], where: string): string {
  if (error === 'nxdomain') return 'the name does not resolve';
  if (error === 'refused') return `the connection was refused${where}`;
  if (error === 'timeout') return `no answer${where}`;
  if (error === 'noToken') return 'the worker’s identity got no token for this service';
  return `neither an answer nor a refused connection${where}: ${error ?? 'no error'}`;
}

/** Whether the control was answered by Azure Resource Manager itself, which refuses a request without a token so. */
export const isArmAnswer = ({ status, body, addresses }: ProbeResult): boolean =>
  addresses.length > 0 && status === 401 && /AuthenticationFailed/.test(body ?? '');

/** How a service is probed a second time, with credentials, where it may check those before the network. */
export interface Door {
  /** statuses that say nothing without credentials */
  challenges: readonly number[];
  /** statuses that say nothing with them */
  rejections: readonly number[];
  /** in the row: what the second request carried */
  credential: string;
}

/** Evaluates a probe of a door. `repeat`: it says nothing yet, and credentials may. */
export function evaluateDoor(
  door: Door | undefined,
  probe: ProbeResult,
  controlAnswers: boolean,
  withCredential: boolean,
): Evaluated & { repeat: boolean } {
  const row = evaluateOutside(probe, controlAnswers);
  const observed = withCredential && door ? `${row.observed}, with ${door.credential}` : row.observed;
  const saysNothing = (withCredential ? door?.rejections : door?.challenges)?.includes(probe.status ?? 0) ?? false;
  if (row.verdict !== 'failed' || !saysNothing) return { ...row, observed, repeat: false };
  return {
    verdict: 'inconclusive',
    observed: `${observed}: neither the service nor a refusal`,
    repeat: !withCredential,
  };
}
