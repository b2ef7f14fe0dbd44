import type { Azure } from '../../../azure/connectAzure.ts';
import { usualMinSeconds } from '../../../domain/durations.ts';
import type { OutboundRule } from '../../../domain/environment.ts';
import { managedNetworkId, networkTask } from '../../../domain/managedNetwork.ts';
import type { EnvironmentRef } from '../../../domain/naming.ts';
import { managedNetworkMinutes } from '../../../domain/operationTimeouts.ts';
import { resourceName } from '../../../domain/resources.ts';
import type { ActivityDeps } from '../../deps.ts';
import { inProgress } from '../../errors/activityFailures.ts';
import type { OperationParts, Started } from '../../operationActivity.ts';
import { ignoreNotFound } from '../ignoreNotFound.ts';
import { machineLearningVersion } from '../types/mlWorkspace.ts';
import { nextChange } from './nextChange.ts';
import type { NetworkChange } from './nextChange.ts';
import { readNetwork } from './readNetwork.ts';
import { rulesFailed } from './rulesFailed.ts';

export interface NetworkInput {
  ref: EnvironmentRef;
  /** of the workspace */
  id: string;
  /** of the spec */
  outboundRules: OutboundRule[];
}

type Request = Extract<NetworkChange, { kind: 'putRule' | 'deleteRule' | 'provision' }>;

const labelOf = ({ ref }: NetworkInput): string => `managed network of workspace ${resourceName(ref, 'workspace')}`;

/** What the network is doing, for messages; the same text for the same request. */
function stateOf(change: Request): string {
  if (change.kind === 'provision') return 'Provisioning';
  return change.kind === 'putRule' ? `adding rule ${change.name}` : `deleting rule ${change.name}`;
}

function send({ generic }: Azure, id: string, change: Request): Promise<unknown> {
  if (change.kind === 'provision')
    // without a body, Azure answers "Request body could not be read"
    return generic.send('POST', `${id}/provisionManagedNetwork`, machineLearningVersion, {
      body: { includeSpark: false },
    });
  const path = `${id}/outboundRules/${change.name}`;
  if (change.kind === 'deleteRule') return generic.send('DELETE', path, machineLearningVersion);
  return generic.send('PUT', path, machineLearningVersion, { body: { properties: change.rule } });
}

async function request({ azure }: ActivityDeps, { id }: NetworkInput, change: Request): Promise<Started> {
  const { token, retryAfterMs } = await azure.operations.begin(() => send(azure, id, change));
  return { id: managedNetworkId(id), token, retryAfterMs, state: stateOf(change) };
}

/** Throws for a change that is no request: `InProgress` while Azure changes a rule; the failure of rules. */
function requestOf({ azure }: ActivityDeps, input: NetworkInput, change: NetworkChange): Request | undefined {
  if (change.kind === 'wait')
    throw inProgress(`${labelOf(input)}: rule ${change.name} ${change.status}`, azure.delayMs(5));
  if (change.kind === 'failed') throw rulesFailed(azure, input, change.rules);
  return change.kind === 'none' ? undefined : change;
}

/** Waits for the running request. Throws `InProgress` until it has ended. */
async function awaitRequest({ azure }: ActivityDeps, input: NetworkInput, started: Started): Promise<void> {
  if (started.token === null) return;
  const operation = await ignoreNotFound(azure, azure.operations.poll(started.token));
  if (operation && !operation.done) throw inProgress(`${labelOf(input)}: ${started.state}`, operation.retryAfterMs);
  started.token = null;
}

/**
 * Brings the workspace's managed network to the rules of the spec and provisions it, one request after the other; ends when it is Active with
 * all rules in force. Each request follows from what ARM shows, so that one that was sent by a lost worker is not lost, nor sent twice at once.
 */
export const networkProvisioning: OperationParts<NetworkInput, void, Started> = {
  async begin(deps, input) {
    const change = nextChange(await readNetwork(deps.azure, input.ref), input.outboundRules, { repair: true });
    const next = requestOf(deps, input, change);
    return next ? { started: await request(deps, input, next) } : { result: undefined };
  },
  async poll(deps, input, started) {
    await awaitRequest(deps, input, started);
    const change = nextChange(await readNetwork(deps.azure, input.ref), input.outboundRules, { repair: false });
    const next = requestOf(deps, input, change);
    if (!next) return;
    // after the end of an operation, ARM may show its result later
    if (stateOf(next) !== started.state) Object.assign(started, await request(deps, input, next));
    throw inProgress(`${labelOf(input)}: ${started.state}`, Math.max(started.retryAfterMs, deps.azure.delayMs(5)));
  },
  label: labelOf,
  beginMinutes: () => managedNetworkMinutes,
  pollMinutes: () => managedNetworkMinutes,
  usualMinSeconds: (input) => usualMinSeconds(networkTask(input)),
};
