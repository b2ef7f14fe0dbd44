import { hasPublicEgress } from '../../domain/isolationSpec.ts';
import type { IsolationSpec } from '../../domain/isolationSpec.ts';
import { isBrought } from '../../domain/broughtResources.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { hasManagedNetwork } from '../../domain/managedNetwork.ts';
import { privateLinkKeys, privateLinks } from '../../domain/privateLinks.ts';
import type { Observation } from '../../domain/proof.ts';
import { plannedResource } from '../../domain/resources.ts';
import { connectionsOf } from '../resources/connections.ts';
import type { Connection } from '../resources/connections.ts';
import { egressDescription, namesEndpoint } from '../resources/observeEgressConnections.ts';
import type { AccessModel, Readings } from './armReadings.ts';
import { networkConnections } from './networkConnections.ts';

/** Resources with private endpoints of the environment. */
const targets = ['workspace', 'storageAccount', 'vault', 'registry'] as const;
/** Those that deployments with disabled egress connect to (DEL-20). */
const egressTargets = ['storageAccount', 'registry', 'workspace'] as const;

const isApproved = ({ status }: Connection): boolean => /^approved$/i.test(status);
const sameId = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Azure Machine Learning made it for a deployment. */
const isManaged = ({ description }: Connection): boolean =>
  description.toLowerCase().startsWith(egressDescription.toLowerCase());

/** Every private endpoint of the environment is approved, and no other one is. */
function ownRow(
  ref: EnvironmentRef,
  target: (typeof targets)[number],
  readings: Readings,
  hasNetwork: boolean,
): Observation {
  const { title } = plannedResource(ref, target);
  const ofNetwork = hasNetwork ? networkConnections(ref, readings, target).map(({ id }) => id) : [];
  const connections = connectionsOf(readings.access[target] ?? {}).filter(
    (one) => (hasNetwork || !isManaged(one)) && !ofNetwork.includes(one.id),
  );
  const expected = privateLinkKeys
    .filter((link) => privateLinks[link].target === target)
    .map((link) => plannedResource(ref, `privateEndpoint:${link}`).id);
  const isOwn = ({ endpointId }: Connection): boolean => expected.some((id) => sameId(id, endpointId));
  const missing = expected.filter((id) => !connections.some(({ endpointId }) => sameId(id, endpointId)));
  const waiting = connections.filter((one) => isOwn(one) && !isApproved(one));
  // an existing resource has connections of its owner
  const isShared = isBrought(ref, { key: target });
  const foreign = isShared ? [] : connections.filter((one) => !isOwn(one) && isApproved(one));
  const remedies = [
    ...missing.map((id) => `DELETE the environment ${ref.name}, then POST it again: ${id} is not connected`),
    ...waiting.map(({ id }) => `az network private-endpoint-connection approve --id ${id}`),
    ...foreign.map(({ id }) => `az network private-endpoint-connection reject --id ${id}`),
  ];
  const described = connections
    .filter((one) => !isShared || isOwn(one))
    .map((one) => `${one.endpointId.split('/').at(-1)}: ${one.status}`);
  return {
    check: `private endpoint connections of the ${title}`,
    expected: isShared
      ? 'those of the environment, Approved'
      : 'those of the environment, Approved; no other one Approved',
    observed: described.join(', ') || 'none',
    verdict: remedies.length === 0 ? 'passed' : 'failed',
    ...(remedies.length > 0 && { remedy: remedies.join('\n') }),
  };
}

/** The managed connections of the deployments. Those of an existing resource that name the endpoint are the environment's. */
function ownManaged(
  ref: EnvironmentRef,
  target: (typeof egressTargets)[number],
  model: AccessModel | undefined,
): Connection[] {
  const managed = connectionsOf(model ?? {}).filter(isManaged);
  return isBrought(ref, { key: target })
    ? managed.filter(({ id, endpointId }) => namesEndpoint(ref, `${id} ${endpointId}`))
    : managed;
}

/**
 * The managed connections through which a deployment without egress reaches what it needs. Without any, nothing is proved. One with public
 * egress has none.
 */
function managedRow(ref: EnvironmentRef, { access }: Readings, publicEgress: boolean): Observation {
  const found = egressTargets.map((target) => ({
    title: plannedResource(ref, target).title,
    connections: ownManaged(ref, target, access[target]),
  }));
  const connections = found.flatMap((one) => one.connections);
  const row = {
    check: 'managed connections of the deployments',
    observed: found
      .map(({ title, connections: own }) => `${title}: ${own.map(({ status }) => status).join(', ') || 'none'}`)
      .join('; '),
  };
  if (publicEgress)
    return { ...row, expected: 'none Approved: the spec requests public egress', ...withoutAny(connections) };
  const open = connections.filter((one) => !isApproved(one));
  const everywhere = found.every((one) => one.connections.length > 0);
  return {
    ...row,
    expected: 'one to each of storage account, registry and workspace, Approved',
    verdict: open.length > 0 ? 'failed' : everywhere ? 'passed' : 'inconclusive',
    ...(open.length > 0 && {
      remedy: open.map(({ id }) => `az network private-endpoint-connection approve --id ${id}`).join('\n'),
    }),
  };
}

/** Somebody else's deployment is connected where none of the environment's is. */
function withoutAny(connections: readonly Connection[]): Pick<Observation, 'verdict' | 'remedy'> {
  const foreign = connections.filter(isApproved);
  if (foreign.length === 0) return { verdict: 'passed' };
  const remedy = foreign.map(({ id }) => `az network private-endpoint-connection reject --id ${id}`).join('\n');
  return { verdict: 'failed', remedy };
}

/** Who is connected privately, from the targets' side. A managed network connects for all deployments; its rows are its own. */
export function connectionRows(ref: EnvironmentRef, readings: Readings, spec: IsolationSpec): Observation[] {
  const hasNetwork = hasManagedNetwork(spec);
  const own = targets.map((target) => ownRow(ref, target, readings, hasNetwork));
  return hasNetwork ? own : [...own, managedRow(ref, readings, hasPublicEgress(spec))];
}
