import type { ProbeResult } from '../../azure/probe.ts';
import { evaluateOutside } from './outsideVerdict.ts';
import type { Evaluated } from './outsideVerdict.ts';

const succeeded = (status: number): boolean => status >= 200 && status < 300;
const refused = (status: number): boolean => status >= 400 && status < 500;

/**
 * Evaluates a probe without credentials of a service that the spec opens: it must refuse the request. A refusal of the network is stricter
 * than the spec, and as good.
 */
export function evaluateOpened(probe: ProbeResult, controlAnswers: boolean): Evaluated {
  const row = evaluateOutside(probe, controlAnswers);
  const { status } = probe;
  if (row.verdict !== 'failed' || status === null) return row;
  const observed = `${row.observed} without credentials`;
  return { observed, verdict: succeeded(status) ? 'failed' : refused(status) ? 'passed' : 'inconclusive' };
}

/** Statuses that show neither that the gateway refuses credentials nor that a deployment answers. */
const showsNothing: readonly number[] = [401, 403, 404];

/** How the endpoint is probed with credentials, and what a refusal of the network means. */
export interface OpenEndpoint {
  /** undefined: there are none to send */
  withCredential(): Promise<ProbeResult | undefined>;
  /** in the row: what the second request carried */
  credential: string;
  controlAnswers: boolean;
  /** the workspace is closed, and may keep its endpoints closed */
  mayBeClosed: boolean;
}

/** Evaluates an endpoint that the spec opens: it must refuse a request without credentials, and answer one with them. */
export async function evaluateOpenEndpoint(
  probe: ProbeResult,
  { withCredential, credential, controlAnswers, mayBeClosed }: OpenEndpoint,
): Promise<Evaluated> {
  const closed = (row: Evaluated): Evaluated => ({ ...row, verdict: mayBeClosed ? 'passed' : 'inconclusive' });
  const anonymous = evaluateOutside(probe, controlAnswers);
  if (anonymous.verdict === 'passed') return closed(anonymous);
  if (anonymous.verdict === 'inconclusive') return anonymous;
  const first = `${anonymous.observed} without credentials`;
  if (succeeded(probe.status ?? 0)) return { verdict: 'failed', observed: first };
  if (probe.status !== 401 && probe.status !== 403) return { verdict: 'inconclusive', observed: first };
  const answer = await withCredential();
  if (!answer) return { verdict: 'inconclusive', observed: `${first}; there was no way to get ${credential}` };
  const authenticated = evaluateOutside(answer, controlAnswers);
  const observed = `${first}; ${authenticated.observed} with ${credential}`;
  if (authenticated.verdict === 'passed') return closed({ ...authenticated, observed });
  const answers = authenticated.verdict === 'failed' && !showsNothing.includes(answer.status ?? 0);
  return { verdict: answers ? 'passed' : 'inconclusive', observed };
}
