import { asList, asObject, textOf } from '../../http/call.ts';
import type { Json, JsonObject, Resource, Cloud } from '../../arm/model.ts';
import { membersOf } from './privateLinkGroups.ts';
import type { Member } from './privateLinkGroups.ts';

/** The members of a private endpoint that hold its connections: those approved automatically and those that somebody approves. */
export const automatic = 'privateLinkServiceConnections';
export const manual = 'manualPrivateLinkServiceConnections';

/** A private endpoint's side of a connection. */
export interface Link {
  name: string;
  targetId: string;
  groupIds: string[];
  /** asked of whoever approves the connection */
  requestMessage: string;
  /** `status`, `description`, `actionsRequired`; empty before the endpoint is accepted */
  state: JsonObject;
}

function linkOf(entry: Json): Link {
  const { name, properties } = asObject(entry);
  const { privateLinkServiceId, groupIds, requestMessage, privateLinkServiceConnectionState } = asObject(properties);
  return {
    name: textOf(name),
    targetId: textOf(privateLinkServiceId),
    groupIds: asList(groupIds).map(textOf),
    requestMessage: textOf(requestMessage),
    state: asObject(privateLinkServiceConnectionState),
  };
}

export const linksOf = (properties: JsonObject): Link[] =>
  [...asList(properties[automatic]), ...asList(properties[manual])].map(linkOf);

/** The members behind a private endpoint's addresses, in their order. */
export function membersBehind(cloud: Cloud, properties: JsonObject): Member[] {
  return linksOf(properties).flatMap(({ targetId, groupIds }) => {
    const target = cloud.find(targetId);
    return target ? groupIds.flatMap((groupId) => membersOf(target, groupId)) : [];
  });
}

/** Was every connection of a private endpoint decided on? Until then it answers for no name. */
export const isDecided = ({ properties }: Resource): boolean =>
  linksOf(properties).every(({ state }) => state['status'] !== 'Pending');

/** Changes the state of one connection as its private endpoint shows it, member by member. */
export function setLinkState(cloud: Cloud, endpointId: string, linkName: string, state: JsonObject): void {
  const endpoint = cloud.find(endpointId);
  if (!endpoint) return;
  const changed = (entry: Json): Json => {
    if (linkOf(entry).name !== linkName) return entry;
    const properties = asObject(asObject(entry)['properties']);
    const merged = { ...asObject(properties['privateLinkServiceConnectionState']), ...state };
    return { ...asObject(entry), properties: { ...properties, privateLinkServiceConnectionState: merged } };
  };
  for (const member of [automatic, manual])
    endpoint.properties[member] = asList(endpoint.properties[member]).map(changed);
  cloud.save(endpoint);
}
