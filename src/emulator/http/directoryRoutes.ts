import { asList, textOf } from './call.ts';
import type { Call, Reply } from './call.ts';
import type { Json, JsonObject } from '../arm/model.ts';
import type { EmulatedCloud } from '../state/cloud.ts';
import { guidOf } from './signIn.ts';

/**
 * What `az` reads of Microsoft Graph to show and resolve principals (learn.microsoft.com: serviceprincipal-list, directoryobject-getbyids).
 * The directory holds the managed identities and the caller, nobody else; undefined for any other path.
 */
export function handleDirectory(cloud: EmulatedCloud, call: Call): Reply | undefined {
  const [version, collection, id] = call.path.split('/').filter(Boolean);
  if (version !== 'v1.0' || collection === undefined) return undefined;
  const principals = [...managedIdentities(cloud), caller(call)];
  switch (`${call.method} ${collection.toLowerCase()}`) {
    case 'POST directoryobjects': {
      const ids = asList(call.body['ids']).map((wanted) => textOf(wanted).toLowerCase());
      return id === 'getByIds'
        ? found(principals.filter((principal) => ids.includes(textOf(principal['id']))))
        : undefined;
    }
    case 'GET serviceprincipals':
      if (id === undefined) return found(principals.filter(matcherOf(call.query['$filter'])));
      return (
        principals.filter((principal) => principal['id'] === id).map((body) => ({ status: 200, body }))[0] ??
        notFound(id)
      );
    case 'GET users':
    case 'GET groups':
      return id === undefined ? found([]) : notFound(id);
    default:
      return undefined;
  }
}

const found = (value: JsonObject[]): Reply => ({ status: 200, body: { value } });

const notFound = (id: string): Reply => ({
  status: 404,
  body: {
    error: {
      code: 'Request_ResourceNotFound',
      message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    },
  },
});

/** The filters that `az` sends: a service principal's name (its application id), application id or display name. */
function matcherOf(filter: string | undefined): (principal: JsonObject) => boolean {
  if (filter === undefined) return () => true;
  const [, wanted = ''] = /'((?:[^']|'')*)'/.exec(filter) ?? [];
  const text = wanted.replaceAll("''", "'").toLowerCase();
  const member = /^startswith\(displayName|^displayName eq/i.test(filter) ? 'displayName' : 'appId';
  const prefix = /^startswith/i.test(filter);
  return (principal) => {
    const value = textOf(principal[member]).toLowerCase();
    return prefix ? value.startsWith(text) : value === text;
  };
}

function servicePrincipal(members: {
  id: string;
  appId: string;
  displayName: string;
  type: string;
  alternativeNames: Json;
}): JsonObject {
  const { id, appId, displayName, type, alternativeNames } = members;
  return {
    '@odata.type': '#microsoft.graph.servicePrincipal',
    id,
    appId,
    displayName,
    servicePrincipalType: type,
    servicePrincipalNames: [appId],
    alternativeNames,
    accountEnabled: true,
  };
}

const caller = ({ principal: { objectId, appId } }: Call): JsonObject =>
  servicePrincipal({ id: objectId, appId, displayName: 'caller', type: 'Application', alternativeNames: [] });

/** User-assigned identities, and the system-assigned ones of all resources. */
function managedIdentities(cloud: EmulatedCloud): JsonObject[] {
  return cloud.all().flatMap((resource) => {
    const assigned = resource.type === 'Microsoft.ManagedIdentity/userAssignedIdentities';
    const id = assigned ? resource.properties['principalId'] : resource.identity?.['principalId'];
    if (typeof id !== 'string') return [];
    const appId = assigned ? textOf(resource.properties['clientId']) : guidOf(id);
    const alternativeNames = [`isExplicit=${assigned ? 'True' : 'False'}`, resource.id];
    return [servicePrincipal({ id, appId, displayName: resource.name, type: 'ManagedIdentity', alternativeNames })];
  });
}
