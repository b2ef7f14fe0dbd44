import { nameOf, parentIdOf, sameId } from '../../arm/ids.ts';
import { notEmulated, resourceNotFound } from '../../arm/armErrors.ts';
import { asObject, asText, textOf } from '../../http/call.ts';
import { guidOf } from '../../http/signIn.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { egressConnections } from '../machineLearningServices/egressConnections.ts';
import { workspaceType } from '../machineLearningServices/typeNames.ts';
import { connectionState } from './privateLinkGroups.ts';
import { writeZoneGroups } from './privateDnsZoneGroups.ts';
import { linksOf, setLinkState } from './privateEndpointLinks.ts';
import type { Link } from './privateEndpointLinks.ts';

const storageType = 'Microsoft.Storage/storageAccounts';
const vaultType = 'Microsoft.KeyVault/vaults';
const registryType = 'Microsoft.ContainerRegistry/registries';

/**
 * The name that a service gives to a connection; the same for the same private endpoint. As in recorded tests of Azure/azure-cli;
 * the form of a workspace's was not found.
 */
function nameFor(cloud: Cloud, target: Resource, endpoint: Resource, link: Link): string {
  const guid = guidOf(`${endpoint.id.toLowerCase()} ${link.name}`);
  if (target.type === storageType) return `${target.name}.${guid}`;
  if (target.type === registryType) return `${target.name.toLowerCase()}.${guid.replaceAll('-', '')}`;
  if (target.type === workspaceType) return `${endpoint.name}.${guid}`;
  const taken = cloud.find(`${target.id}/privateEndpointConnections/${link.name}`);
  return taken && !sameId(endpointOf(taken), endpoint.id) ? `${link.name}_${guid}` : link.name;
}

const endpointOf = ({ properties }: Resource): string => textOf(asObject(properties['privateEndpoint'])['id']);

/** The connections of a private endpoint that targets have. */
const connectionsFrom = (cloud: Cloud, endpoint: Resource): Resource[] =>
  linksOf(endpoint.properties)
    .flatMap(({ targetId }) => cloud.descendants(targetId))
    .filter(({ type }) => type.endsWith('/privateEndpointConnections'))
    .filter((connection) => sameId(endpointOf(connection), endpoint.id));

/** A new private endpoint appears among the connections of its target, which may be gone by now. */
export function connect(cloud: Cloud, endpoint: Resource): void {
  for (const link of linksOf(endpoint.properties)) {
    const target = cloud.find(link.targetId);
    if (!target) setLinkState(cloud, endpoint.id, link.name, { status: 'Disconnected' });
    const known = connectionsFrom(cloud, endpoint).some(({ secrets }) => secrets?.['link'] === link.name);
    if (!target || known) continue;
    const name = nameFor(cloud, target, endpoint, link);
    cloud.save({
      id: `${target.id}/privateEndpointConnections/${name}`,
      type: `${target.type}/privateEndpointConnections`,
      name,
      createdAt: cloud.now(),
      properties: {
        privateEndpoint: { id: endpoint.id },
        privateLinkServiceConnectionState: connectionState(target.type, link.state),
      },
      secrets: { link: link.name },
    });
  }
}

/** The target forgets a private endpoint that was deleted. */
export function disconnect(cloud: Cloud, endpoint: Resource): void {
  for (const { id } of connectionsFrom(cloud, endpoint)) cloud.remove(id);
}

/** The connections of a target, those of managed endpoints among them, as its own routes answer them. */
export function connectionsOf(cloud: Cloud, targetId: string): JsonObject[] {
  const target = cloud.find(targetId);
  const type = types.find((one) => one.type === `${target?.type}/privateEndpointConnections`);
  if (!target || !type) return [];
  const managed = egressConnections(cloud, target.id);
  const own = cloud.descendants(target.id, type.type).map((connection) => {
    const { systemData: _, ...shown } = toArm(cloud, type, connection, {});
    return shown;
  });
  return [...own.filter(({ id }) => !managed.some((row) => row['id'] === id)), ...managed];
}

/** Throws 400 where the service does not change the state. A storage account decides once (Azure/azure-cli, storage module). */
function checkChange(type: string, from: string, to: string): void {
  if (!['Approved', 'Rejected'].includes(to))
    throw new ArmError(400, 'BadRequest', `A private endpoint connection can be Approved or Rejected, not '${to}'.`);
  if (!type.startsWith(storageType) || from === 'Pending' || (from === 'Approved' && to === 'Rejected')) return;
  const message = `Values for request parameters are invalid: privateLinkServiceConnectionState. The connection is ${from} already.`;
  throw new ArmError(400, 'InvalidValuesForRequestParameters', message);
}

/** Approves or rejects a connection. A registry shows its new state when the operation has ended, the others at once. */
function prepare(cloud: Cloud, { id, body, existing }: PutRequest, targetType: string): Draft {
  const managed = asObject(managedNamed(cloud, id)?.['properties']);
  const known = existing?.properties ?? managed;
  if (known['privateEndpoint'] === undefined) throw resourceNotFound(id);
  const asked = asObject(asObject(body['properties'])['privateLinkServiceConnectionState']);
  const before = asObject(known['privateLinkServiceConnectionState']);
  const status = textOf(asked['status']);
  checkChange(targetType, textOf(before['status']), status);
  const description = asText(asked['description']);
  const wanted = { status, ...(description === undefined ? {} : { description }) };
  const shown = targetType === registryType ? before : connectionState(targetType, wanted);
  return {
    properties: { privateEndpoint: known['privateEndpoint'], privateLinkServiceConnectionState: shown },
    secrets: { ...existing?.secrets, wanted },
  };
}

/** The decision takes effect on the side of the private endpoint, too. */
function decide(cloud: Cloud, connection: Resource, targetType: string): void {
  const wanted = asObject(connection.secrets?.['wanted']);
  connection.properties['privateLinkServiceConnectionState'] = connectionState(targetType, wanted);
  const state = { description: '', ...wanted, actionsRequired: 'None' };
  setLinkState(cloud, endpointOf(connection), textOf(connection.secrets?.['link']), state);
  const endpoint = cloud.find(endpointOf(connection));
  if (endpoint) writeZoneGroups(cloud, endpoint);
}

/** A connection of a managed private endpoint. It is not stored before somebody decides on it. */
function managedNamed(cloud: Cloud, id: string): JsonObject | undefined {
  return egressConnections(cloud, parentIdOf(id)).find((row) => sameId(textOf(row['name']), nameOf(id)));
}

/** A vault returns its own location with a connection, a workspace that of the endpoint. */
function locationOf(cloud: Cloud, connection: Resource): JsonObject {
  const holder = connection.type.startsWith(vaultType) ? parentIdOf(connection.id) : endpointOf(connection);
  const location = /^Microsoft\.(KeyVault|MachineLearning)/.test(connection.type) && cloud.find(holder)?.location;
  return location ? { location } : {};
}

function connectionType(targetType: string): ResourceType {
  const type = `${targetType}/privateEndpointConnections`;
  const registry = targetType === registryType;
  return {
    type,
    proxy: true,
    style: registry ? 'registry' : 'sync',
    duration: registry ? { put: 'privateEndpointConnection.put', delete: 'privateEndpointConnection.delete' } : {},
    prepare: (cloud, request) => prepare(cloud, request, targetType),
    onCreated: (cloud, connection) => decide(cloud, connection, targetType),
    toArm: (cloud, connection) => locationOf(cloud, connection),
    list: connectionsOf,
    findBuiltIn(cloud, id): Resource | undefined {
      const row = managedNamed(cloud, id);
      return (
        row && { id: textOf(row['id']), type, name: nameOf(id), createdAt: 0, properties: asObject(row['properties']) }
      );
    },
    validateDelete: (cloud, { id }) => {
      if (managedNamed(cloud, id)) throw notEmulated('DELETE', 'on connections of managed private endpoints');
    },
    onDeleted: (cloud, connection) =>
      setLinkState(cloud, endpointOf(connection), textOf(connection.secrets?.['link']), { status: 'Disconnected' }),
  };
}

/** The types that private endpoints can lead to. */
export const targetTypes = [storageType, vaultType, registryType, workspaceType];

export const types: ResourceType[] = targetTypes.map(connectionType);
