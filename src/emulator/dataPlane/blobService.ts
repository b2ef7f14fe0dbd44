import type { Resource, Cloud } from '../arm/model.ts';
import { isAuthorized } from './authorization.ts';
import { bearer } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { principalOf } from './managedIdentityTokens.ts';
import { isPublicAccessDisabled, isRefusedByRules } from './publicAccess.ts';
import { blobsBelow, readBlob } from './storedObjects.ts';

const actions = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';

function refusal(status: number, code: string, message: string): HttpReply {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml', 'x-ms-error-code': code }, body };
}

const byFirewall = refusal(403, 'AuthorizationFailure', 'This request is not authorized to perform this operation.');
const unauthenticated = refusal(401, 'NoAuthenticationInformation', 'Server failed to authenticate the request.');
/** Also for a token of no emulated identity: the emulated directory accepts it, as Resource Manager does, and it has no role. */
const withoutPermission = refusal(
  403,
  'AuthorizationPermissionMismatch',
  'This request is not authorized to perform this operation using this permission.',
);

/** Whether the account's firewall refuses a connection. */
const isRefused = ({ properties }: Resource, { via, clientAddress }: ClientConnection): boolean =>
  via === 'public' &&
  (isPublicAccessDisabled(properties) || isRefusedByRules(properties, 'networkAcls', clientAddress));

function listing(names: string[]): HttpReply {
  const blobs = names.map((name) => `<Blob><Name>${name}</Name></Blob>`).join('');
  const body = `<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${blobs}</Blobs></EnumerationResults>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function createContainer(cloud: Cloud, id: string): HttpReply {
  if (cloud.find(id)) return refusal(409, 'ContainerAlreadyExists', 'The specified container already exists.');
  cloud.save({
    id,
    type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
    name: id.slice(id.lastIndexOf('/') + 1),
    properties: { publicAccess: 'None', leaseStatus: 'Unlocked', leaseState: 'Available' },
    createdAt: cloud.now(),
  });
  return { status: 201, headers: {}, body: '' };
}

/** The blob service of a storage account: create and list a container, put, get and head a block blob; by bearer token only. */
export function blobService(
  cloud: Cloud,
  account: Resource,
  request: HttpRequest,
  connection: ClientConnection,
): HttpReply {
  if (isRefused(account, connection)) return byFirewall;
  const token = bearer(request);
  if (token === undefined) return unauthenticated;
  const principal = principalOf(token);
  if (!principal) return withoutPermission;
  const url = new URL(request.url);
  const [container = '', ...rest] = decodeURIComponent(url.pathname).slice(1).split('/');
  const name = rest.join('/');
  const dataAction = `${actions}/${request.method === 'PUT' ? 'write' : 'read'}`;
  const scope = `${account.id}/blobServices/default/containers/${container}`;
  if (!isAuthorized(cloud, { principal, scope, dataAction, at: connection.at })) {
    return withoutPermission;
  }
  if (request.method === 'PUT' && url.searchParams.get('restype') === 'container') return createContainer(cloud, scope);
  if (!cloud.find(scope)) return refusal(404, 'ContainerNotFound', 'The specified container does not exist.');
  if (url.searchParams.get('comp') === 'list') {
    return listing(blobsBelow(cloud, account.name, container, url.searchParams.get('prefix') ?? ''));
  }
  if (request.method === 'PUT') {
    cloud.objects.put(`blob:${account.name}/${container}/${name}`, request.body);
    return { status: 201, headers: {}, body: '' };
  }
  const content = readBlob(cloud, account.name, container, name);
  if (content === undefined) return refusal(404, 'BlobNotFound', 'The specified blob does not exist.');
  return { status: 200, headers: {}, body: request.method === 'HEAD' ? '' : content };
}

/** Access control of an account's file service: its firewall, then its authentication. Shares are not emulated. */
export function fileService(account: Resource, request: HttpRequest, connection: ClientConnection): HttpReply {
  if (isRefused(account, connection)) return byFirewall;
  return bearer(request) === undefined ? unauthenticated : withoutPermission;
}
