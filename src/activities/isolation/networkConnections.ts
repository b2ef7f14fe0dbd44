import type { AccessKey } from '../../domain/isolationSpec.ts';
import type { ArmRule, NetworkSpec } from '../../domain/managedNetwork.ts';
import { isWithin, groupId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import { connectionsOf } from '../resources/connections.ts';
import type { Connection } from '../resources/connections.ts';
import { networkOf } from '../resources/managedNetwork/networkModel.ts';
import type { Readings } from './armReadings.ts';

/** A resource that the workspace needs, and one of its sub-resources. */
interface Target {
  key: AccessKey;
  subresource: string;
}

const dependencies: readonly Target[] = [
  { key: 'storageAccount', subresource: 'blob' },
  { key: 'storageAccount', subresource: 'file' },
  { key: 'vault', subresource: 'vault' },
  { key: 'registry', subresource: 'registry' },
];

/** What the network must reach by private endpoints. An open workspace is reached by its service tag. */
export const networkTargets = ({ workspacePublicNetworkAccess = 'disabled' }: NetworkSpec): Target[] =>
  workspacePublicNetworkAccess === 'enabled'
    ? [...dependencies]
    : [...dependencies, { key: 'workspace', subresource: 'amlworkspace' }];

/** A connection that the managed network made for one of its rules. */
export interface NetworkConnection extends Connection {
  rule: string;
  subresource: string;
}

function textAt({ destination }: ArmRule, member: string): string {
  const value = typeof destination === 'object' ? destination[member] : undefined;
  return typeof value === 'string' ? value : '';
}

const endpointName = ({ endpointId }: Connection): string => endpointId.split('/').at(-1)!.toLowerCase();

/**
 * The connections of a resource that belong to rules of the workspace's managed network. Azure names the private endpoint after its rule, and
 * keeps it in a subscription of its own. One of each rule: a second one is somebody else's.
 */
export function networkConnections(
  ref: EnvironmentRef,
  { access }: Pick<Readings, 'access'>,
  key: AccessKey,
): NetworkConnection[] {
  const { rules } = networkOf(access.workspace?.managedNetwork);
  const targetId = plannedResource(ref, key).id.toLowerCase();
  const connections = connectionsOf(access[key] ?? {}).filter(({ endpointId }) => !isWithin(endpointId, groupId(ref)));
  return Object.entries(rules)
    .filter(([, rule]) => textAt(rule, 'serviceResourceId').toLowerCase() === targetId)
    .flatMap(([name, rule]) => {
      const found = connections.find((one) => endpointName(one) === name.toLowerCase());
      return found ? [{ ...found, rule: name, subresource: textAt(rule, 'subresourceTarget') }] : [];
    });
}
