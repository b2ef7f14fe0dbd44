import { asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, PutRequest, Resource, ResourceType } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { nonEmptyText, printable } from '../resourceHelpers.ts';
import { workspaceType } from './typeNames.ts';

/** Connections that carry no credentials. */
const withoutCredentials = new Set(['None', 'AAD']);

function prepare({ name, body, existing }: PutRequest): Draft {
  const { credentials, ...asked } = asObject(body['properties']);
  for (const member of ['authType', 'category', 'target']) {
    if (nonEmptyText(asked[member] ?? existing?.properties[member]) !== undefined) continue;
    throw new ArmError(400, 'BadRequest', `Connection '${name}' needs properties.${member}.`);
  }
  const authType = nonEmptyText(asked['authType']) ?? '';
  if (!withoutCredentials.has(authType) && credentials === undefined && existing?.secrets === undefined)
    throw new ArmError(
      400,
      'BadRequest',
      `Connection '${name}' with authType ${authType} needs properties.credentials.`,
    );
  const secrets = credentials === undefined ? existing?.secrets : { credentials };
  const group = /^(AzureOpenAI|AIServices|CognitiveService|CognitiveSearch)$/.test(printable(asked['category']))
    ? 'AzureAI'
    : 'NoAuth';
  return {
    properties: { group, isSharedToAll: false, metadata: {}, ...existing?.properties, ...asked },
    ...(secrets ? { secrets } : {}),
  };
}

const presented = ({ properties }: Resource) => ({ properties: { ...properties, credentials: null } });

/** Connections of a workspace to other services. Credentials are answered by `listSecrets` only. */
export const connection: ResourceType = {
  type: `${workspaceType}/connections`,
  style: 'sync',
  duration: {},
  proxy: true,
  stateless: true,
  prepare: (_cloud, request) => prepare(request),
  toArm: (_cloud, resource) => presented(resource),
  patch: (_cloud, existing, body) =>
    prepare({ id: existing.id, name: existing.name, parent: undefined, existing, body, apiVersion: '', query: {} }),
  list: (cloud, scope, query) =>
    cloud
      .descendants(scope, connection.type)
      .filter(({ properties }) => query['category'] === undefined || properties['category'] === query['category'])
      .filter(({ properties }) => query['target'] === undefined || properties['target'] === query['target'])
      .map((resource) => toArm(cloud, connection, resource, query)),
  actions: {
    listsecrets: (cloud, resource) => {
      const body = toArm(cloud, connection, resource, {});
      const credentials = resource.secrets?.['credentials'] ?? null;
      return { status: 200, body: { ...body, properties: { ...asObject(body['properties']), credentials } } };
    },
  },
};
