import { createHash } from 'node:crypto';
import type { Call } from '../http/call.ts';
import type { Operation, LroStyle } from './model.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

const bases: Record<
  Exclude<LroStyle, 'sync'>,
  (s: string, location: string, group: string, resourceId: string) => { status: string; result: string }
> = {
  group: (s) => ({ status: `${s}/operationresults`, result: `${s}/operationresults` }),
  network: (s, l) => pair(`${s}/providers/Microsoft.Network/locations/${l}`, 'operations', 'operationResults'),
  dns: (_, __, g) =>
    pair(`${g}/providers/Microsoft.Network`, 'privateDnsOperationStatuses', 'privateDnsOperationResults'),
  storage: (s, l) => pair(`${s}/providers/Microsoft.Storage/locations/${l}`, 'asyncoperations', 'asyncoperations'),
  vault: (s, l) => pair(`${s}/providers/Microsoft.KeyVault/locations/${l}`, 'operationStatuses', 'operationResults'),
  logAnalytics: (s, l) =>
    pair(`${s}/providers/Microsoft.OperationalInsights/locations/${l}`, 'operationStatuses', 'operationResults'),
  registry: (_, __, ___, resourceId) => pair(resourceId, 'operationStatuses', 'operationResults'),
  compute: (s, l) => pair(`${s}/providers/Microsoft.Compute/locations/${l}`, 'operations', 'operations'),
  workspace: (s, l) =>
    pair(
      `${s}/providers/Microsoft.MachineLearningServices/locations/${l}`,
      'workspaceOperationsStatus',
      'workspaceOperationsStatus',
    ),
  machineLearning: (s, l) =>
    pair(
      `${s}/providers/Microsoft.MachineLearningServices/locations/${l}`,
      'mfeOperationsStatus',
      'mfeOperationResults',
    ),
  deployment: (s, _, __, resourceId) => ({
    status: `${resourceId}/operationStatuses`,
    result: `${s}/operationresults`,
  }),
};

/** Distinguishes the status of an operation from its result where both have one path. */
const forms: Partial<Record<LroStyle, [status: string, result: string]>> = {
  storage: ['', 'monitor=true&'],
  compute: ['', 'monitor=true&'],
  workspace: ['type=async&', 'type=location&'],
};

function pair(base: string, status: string, result: string): { status: string; result: string } {
  return { status: `${base}/${status}`, result: `${base}/${result}` };
}

/** Where an operation and its result are to be looked at. */
export function urlsOf(
  cloud: EmulatedCloud,
  call: Call,
  style: Exclude<LroStyle, 'sync'>,
  operation: Operation,
): { status: string; result: string } {
  const subscription = operation.resourceId.split('/').slice(0, 3).join('/');
  const group = operation.resourceId.split('/').slice(0, 5).join('/');
  const base = bases[style](subscription, operation.location, group, operation.resourceId);
  // Private DNS names the port in one of the two (recorded tests of Azure/azure-cli).
  const statusOrigin = style === 'dns' ? withPort(call.origin) : call.origin;
  const id = operationName(cloud, style, operation);
  const digest = (part: string): string =>
    createHash('sha256')
      .update(part + operation.id)
      .digest('base64url')
      .slice(0, 32);
  const signature = `t=${operation.startedAt}&c=${digest('c')}&s=${digest('s')}&h=${digest('h')}`;
  const query = (extra: string): string => `?${extra}api-version=${call.query['api-version']}&${signature}`;
  const [asStatus, asResult] = forms[style] ?? ['', ''];
  return {
    status: `${statusOrigin}${base.status}/${id}${query(asStatus)}`,
    result: `${call.origin}${base.result}/${id}${query(asResult)}`,
  };
}

function operationName(cloud: EmulatedCloud, style: LroStyle, { id, kind, resourceId }: Operation): string {
  if (style === 'dns') return Buffer.from(`${kind};${id}`).toString('base64url');
  if (style === 'group') return Buffer.from(`{"jobId":"${id}"}`).toString('base64url');
  if (style === 'registry') return `${resourceId.split('/').at(-2)}-${id}`;
  if (style !== 'machineLearning') return id;
  const workspace = /^.*\/workspaces\/[^/]+/i.exec(resourceId)?.[0];
  const workspaceId = workspace && cloud.find(workspace)?.properties['workspaceId'];
  return `oeidp:${typeof workspaceId === 'string' ? workspaceId : '00000000-0000-0000-0000-000000000000'}:${id}`;
}

const withPort = (origin: string): string => (/:\d+$/.test(origin) ? origin : `${origin}:443`);

const pollSegments = new Set([
  'operations',
  'operationresults',
  'asyncoperations',
  'operationstatuses',
  'privatednsoperationstatuses',
  'privatednsoperationresults',
  'workspaceoperationsstatus',
  'mfeoperationsstatus',
  'mfeoperationresults',
]);

/** The operation that a status or result URL names, and which of the two it is; undefined for any other path. */
export function polledOperation(
  segments: readonly string[],
  query: Record<string, string>,
): { id: string; form: 'status' | 'result' } | undefined {
  const [kind, name] = [segments.at(-2)?.toLowerCase(), segments.at(-1)];
  if (kind === undefined || name === undefined || !pollSegments.has(kind)) return undefined;
  const guid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
  const decoded = Buffer.from(name, 'base64url').toString('utf8').replace(/"}$/, '');
  const id = guid.exec(name)?.[0] ?? guid.exec(decoded)?.[0] ?? name;
  const isResultUrl = query['monitor'] === 'true' || query['type'] === 'location';
  const result = isResultUrl || kind.endsWith('results') || kind === 'asyncoperations';
  return { id, form: result ? 'result' : 'status' };
}
