import { createHash } from 'node:crypto';
import { asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { Cloud, Draft, JsonObject, PutRequest, Resource, ResourceType } from '../../arm/model.ts';
import { toArm } from '../../arm/toArm.ts';
import { ancestorId, nonEmptyText } from '../resourceHelpers.ts';

const accountType = 'Microsoft.Storage/storageAccounts';

/** What an account's service contains: containers, shares, queues, tables. */
interface Kind {
  path: string;
  name: RegExp;
  /** members that the service adds; the caller's own replace them */
  complete(request: PutRequest): JsonObject;
  /** members that the service decides, whatever the caller sends */
  fixed(cloud: Cloud, request: PutRequest): JsonObject;
  check?(cloud: Cloud, request: PutRequest): void;
  /** the code of a GET that finds none (azure-sdk-for-net, storage management tests) */
  missing: { code: string; message: string };
  onDeleted?(cloud: Cloud, resource: Resource): void;
}

/** Names of containers, shares and queues: lower case, no two hyphens in a row (Azure docs: naming containers). */
const lowerCase = /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

const unleased = { leaseStatus: 'Unlocked', leaseState: 'Available' };
const modified = (cloud: Cloud): JsonObject => ({ lastModifiedTime: new Date(cloud.now()).toISOString() });

/** @throws ArmError 409 PublicAccessNotPermitted where the account forbids anonymous access */
function checkPublicAccess(cloud: Cloud, { id, body }: PutRequest): void {
  const asked = nonEmptyText(asObject(body['properties'])['publicAccess']);
  const account = cloud.find(ancestorId(id, 2));
  if (asked === undefined || asked === 'None' || account?.properties['allowBlobPublicAccess'] === true) return;
  throw new ArmError(409, 'PublicAccessNotPermitted', 'Public access is not permitted on this storage account.');
}

const kinds: Kind[] = [
  {
    path: 'blobServices/containers',
    name: lowerCase,
    complete: () => ({
      publicAccess: 'None',
      defaultEncryptionScope: '$account-encryption-key',
      denyEncryptionScopeOverride: false,
    }),
    fixed: (cloud) => ({ ...unleased, ...modified(cloud), hasImmutabilityPolicy: false, hasLegalHold: false }),
    check: checkPublicAccess,
    missing: { code: 'ContainerNotFound', message: 'The specified container does not exist.' },
    onDeleted: (cloud, { id, name }) => deleteBlobs(cloud, `${id.split('/')[8] ?? ''}/${name}/`),
  },
  {
    path: 'fileServices/shares',
    name: lowerCase,
    complete: () => ({ shareQuota: 5120, accessTier: 'TransactionOptimized', enabledProtocols: 'SMB' }),
    fixed: (cloud) => ({ ...unleased, ...modified(cloud) }),
    missing: { code: 'ShareNotFound', message: 'The specified share does not exist.' },
  },
  {
    path: 'queueServices/queues',
    name: lowerCase,
    complete: () => ({}),
    fixed: () => ({}),
    missing: { code: 'QueueNotFound', message: 'The specified queue does not exist.' },
  },
  {
    path: 'tableServices/tables',
    name: /^[A-Za-z][A-Za-z0-9]{2,62}$/,
    complete: () => ({}),
    fixed: (_cloud, { name }) => ({ tableName: name }),
    missing: { code: 'TableNotFound', message: 'The specified table does not exist.' },
  },
];

/** Deletes the blobs `{account}/{container}/…` below a prefix. */
export function deleteBlobs(cloud: Cloud, prefix: string): void {
  for (const key of cloud.objects.keys(`blob:${prefix}`)) cloud.objects.delete(key);
}

function prepare(kind: Kind, cloud: Cloud, request: PutRequest): Draft {
  if (!kind.name.test(request.name)) {
    const noun = kind.path.split('/')[1]?.slice(0, -1);
    const message = `The specified resource name contains invalid characters: ${noun} '${request.name}'.`;
    throw new ArmError(400, noun === 'container' ? 'ContainerOperationFailure' : 'InvalidResourceName', message);
  }
  kind.check?.(cloud, request);
  const kept = request.existing?.properties;
  const asked = asObject(request.body['properties']);
  return { properties: { ...kind.complete(request), ...kept, ...asked, ...kind.fixed(cloud, request) } };
}

/** The entity tag of a container or share, as the blob service spells it. */
function etagOf({ properties }: Resource): string {
  const digest = createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 12).toUpperCase();
  return `"0x8D${digest}"`;
}

function containerType(kind: Kind): ResourceType {
  const type: ResourceType = {
    type: `${accountType}/${kind.path}`,
    style: 'sync',
    duration: {},
    proxy: true,
    stateless: true,
    prepare: (cloud, request) => prepare(kind, cloud, request),
    patch: (cloud, existing, body) =>
      prepare(kind, cloud, {
        id: existing.id,
        name: existing.name,
        parent: undefined,
        existing,
        body,
        apiVersion: '',
        query: {},
      }),
    toArm: (_cloud, resource) => (/containers|shares/.test(kind.path) ? { etag: etagOf(resource) } : {}),
    // `$filter` is a prefix of the name.
    list: (cloud, scope, query) =>
      cloud
        .descendants(scope, `${accountType}/${kind.path}`)
        .filter(({ name }) => name.startsWith(query['$filter'] ?? ''))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map((resource) => toArm(cloud, type, resource, query)),
    notFound: () => new ArmError(404, kind.missing.code, kind.missing.message),
    ...(kind.onDeleted ? { onDeleted: kind.onDeleted } : {}),
  };
  return type;
}

/** Containers, shares, queues and tables of an account's services. Blobs are cloud objects `blob:{account}/{container}/{name}`. */
export const types: ResourceType[] = kinds.map(containerType);
