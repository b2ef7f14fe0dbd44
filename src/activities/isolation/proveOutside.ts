import type { Azure } from '../../azure/connectAzure.ts';
import type { ProbeOptions } from '../../azure/probe.ts';
import { isolatedServices, serviceResources, serviceTitles, serviceUrls } from '../../domain/isolatedServices.ts';
import type { IsolatedService } from '../../domain/isolatedServices.ts';
import type { NetworkSpec } from '../../domain/managedNetwork.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { rowsFrom } from '../../domain/proof.ts';
import type { FoundRow, Observation } from '../../domain/proof.ts';
import { checkNames } from '../../domain/proofChecks.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { resourceHandle } from '../resources/resourceType.ts';
import { readOutputs } from '../resources/readOutputs.ts';
import { getWorkspace } from '../resources/types/mlWorkspace.ts';
import { evaluateDoor, isArmAnswer } from './outsideVerdict.ts';
import type { Door, Evaluated } from './outsideVerdict.ts';
import { disablePublicAccess } from './remedies.ts';

/** Without a token; ARM refuses it with 401 AuthenticationFailed (REST reference of Azure Resource Manager). */
const controlUrl = 'https://management.azure.com/subscriptions?api-version=2022-12-01';

const ownToken = 'the worker’s token';
/** Services whose first answer may say nothing: what they check first is published for the registry only, whose firewall answers first. */
export const doors: Partial<Record<IsolatedService, Door>> = {
  workspace: { challenges: [401, 404], rejections: [401, 404], credential: ownToken },
  blob: { challenges: [400, 401, 403, 404, 409], rejections: [400, 401], credential: ownToken },
  file: { challenges: [400, 401, 403, 404, 409], rejections: [400, 401], credential: ownToken },
  vault: { challenges: [401], rejections: [401], credential: ownToken },
  scoring: { challenges: [401, 404], rejections: [401, 404, 500], credential: 'the endpoint’s key' },
};

const storageHeaders = { 'x-ms-version': '2023-11-03' };
/** Tokens and headers that each service needs (REST references: authorize with Microsoft Entra ID). */
const identities: Partial<Record<IsolatedService, ProbeOptions>> = {
  workspace: { tokenScope: 'https://ml.azure.com/.default' },
  blob: { tokenScope: 'https://storage.azure.com/.default', headers: storageHeaders },
  file: {
    tokenScope: 'https://storage.azure.com/.default',
    headers: { ...storageHeaders, 'x-ms-file-request-intent': 'backup' },
  },
  vault: { tokenScope: 'https://vault.azure.net/.default' },
};

/** The endpoint's key stays in memory of this activity: it is part of no row, no error and no log. */
async function keyOf(azure: Azure, ref: EnvironmentRef): Promise<ProbeOptions | undefined> {
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'onlineEndpoint').id);
  const { onlineEndpoints } = clients.machineLearning;
  const { primaryKey } = await onlineEndpoints.listKeys(group, names[0]!, names[1]!).catch(() => ({ primaryKey: '' }));
  return primaryKey ? { key: primaryKey } : undefined;
}

/** Probes one service, twice where the first answer says nothing. The control is asked at the same time. */
async function probeService(
  azure: Azure,
  ref: EnvironmentRef,
  { service, url, door, ...asked }: { service: IsolatedService; url: string; control: Promise<boolean>; door?: Door },
): Promise<Evaluated> {
  const [first, control] = await Promise.all([azure.probeOutside(url), asked.control]);
  const { repeat, ...row } = evaluateDoor(door, first, control, false);
  if (!repeat) return row;
  const credentials = service === 'scoring' ? await keyOf(azure, ref) : identities[service];
  if (!credentials) return { ...row, observed: `${row.observed}; the endpoint’s key could not be listed` };
  const second = evaluateDoor(door, await azure.probeOutside(url, credentials), control, true);
  return { verdict: second.verdict, observed: second.observed };
}

/** The row of a service. The workspace API may be open, if that was requested. */
function rowOf(ref: EnvironmentRef, service: IsolatedService, { verdict, observed }: Evaluated, mayBeOpen: boolean) {
  const row = { check: checkNames.fromOutside(serviceTitles[service]), observed };
  if (mayBeOpen) {
    const expected = 'open, as the spec requests, or refused';
    return { ...row, expected, verdict: verdict === 'failed' ? 'passed' : verdict } satisfies Observation;
  }
  const expected = 'refused, or not reachable';
  const { id } = plannedResource(ref, serviceResources[service]);
  return { ...row, expected, verdict, ...(verdict === 'failed' && { remedy: disablePublicAccess(id) }) };
}

/**
 * Probes from outside what must be closed there, at once, with a control of the worker's own network. `settleMs`: how long to wait where a
 * change may not be in effect yet.
 */
export async function proveOutside(
  deps: ActivityDeps,
  { ref, workspacePublicNetworkAccess = 'disabled' }: ProveInput,
): Promise<{ rows: FoundRow[]; settleMs: number }> {
  const { azure } = deps;
  const [{ scoringUri }, { properties }] = await Promise.all([
    readOutputs(deps, { ref }),
    getWorkspace({ generic: azure.generic, id: plannedResource(ref, 'workspace').id }),
  ]);
  const control = azure.probeOutside(controlUrl).then(isArmAnswer);
  const urls = serviceUrls(ref, { scoringUri, workspaceGuid: properties.workspaceId ?? '' });
  const found = isolatedServices.map(async (service) => {
    const mayBeOpen = service === 'workspace' && workspacePublicNetworkAccess === 'enabled';
    const door = mayBeOpen ? undefined : doors[service];
    const probe = { service, url: urls[service], control, ...(door && { door }) };
    return rowOf(ref, service, await probeService(azure, ref, probe), mayBeOpen);
  });
  const rows = rowsFrom('outside', new Date().toISOString(), await Promise.all(found));
  return { rows, settleMs: azure.delayMs(60) };
}

export interface ProveInput extends NetworkSpec {
  ref: EnvironmentRef;
  /** of the spec; default: disabled */
  workspacePublicNetworkAccess?: 'enabled' | 'disabled';
}
