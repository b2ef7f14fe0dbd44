/** The emulator's types: what a resource type must define, and what the emulated cloud offers to it. */

/** Milliseconds since the epoch on the emulator's clock. */
export type Instant = number;

export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };
export type JsonObject = { [member: string]: Json };

/** A stored ARM resource. Its id has the canonical spelling; look-ups ignore case. */
export interface Resource {
  id: string;
  /** e.g. `Microsoft.Network/virtualNetworks/subnets`, spelled as ARM does */
  type: string;
  name: string;
  location?: string;
  tags?: Record<string, string>;
  sku?: JsonObject;
  kind?: string;
  zones?: string[];
  identity?: JsonObject;
  /** without `provisioningState`, which follows from the operation and the clock */
  properties: JsonObject;
  /** keys and passwords: kept, never answered */
  secrets?: JsonObject;
  createdAt: Instant;
  /** the applications that created it and that changed it last */
  createdBy?: string;
  changedBy?: string;
  /** what ARM is doing to it, or did last */
  operation?: Operation;
}

type OperationKind = 'create' | 'update' | 'delete' | 'action';

/** A long-running operation: it ends by the clock, whether it is polled or not. */
export interface Operation {
  id: string;
  kind: OperationKind;
  resourceId: string;
  location: string;
  startedAt: Instant;
  /** null: it never ends (a scripted fault) */
  endsAt: Instant | null;
  outcome: 'Succeeded' | 'Failed' | 'Canceled';
  error?: ErrorBody;
  /** the result of a completed action */
  result?: Json;
  /** the name of an action whose success changes the resource (`onActionEnded`) */
  action?: string;
  /** its effect on the cloud has been applied */
  settled: boolean;
  /** how it is reported on the wire; set with the first reply */
  style?: LroStyle;
  /** of the request that began it; set with the first reply */
  correlationId?: string;
  /** the query of the DELETE that began it (`forceToPurge`) */
  query?: Record<string, string>;
  /** the key of an object that its success deletes: what a purge is about */
  purges?: string;
}

/** An error as ARM reports it. Some providers send a null code, or none, in the error of a failed operation. */
export interface ErrorBody {
  code?: string | null;
  message?: string;
  target?: string;
  details?: ErrorBody[];
  additionalInfo?: Json[];
}

/** Thrown by rules and answered as ARM does: `{"error": {...}}` with this status. */
export class ArmError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Record<string, string>;
  /** answered as `{"code", "message"}` without `error` around it, as private DNS does for record sets */
  readonly bare: boolean;
  constructor(
    status: number,
    code: ErrorBody['code'],
    message: string,
    {
      headers,
      bare = false,
      ...extra
    }: Pick<ErrorBody, 'details' | 'target' | 'additionalInfo'> & {
      headers?: Record<string, string>;
      bare?: boolean;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.body = { ...(code === undefined ? {} : { code }), message, ...extra };
    this.headers = headers ?? {};
    this.bare = bare;
  }
}

/**
 * How a family of types reports its long-running operations on the wire (`Azure-AsyncOperation` / `Location`, `Retry-After`, bodies of
 * polls); one entry each in `lroReplies.ts`. The status of the first answer is in `successStatuses.ts`. `sync` has no operation at all.
 */
export type LroStyle =
  | 'sync'
  | 'group'
  | 'network'
  | 'dns'
  | 'storage'
  | 'vault'
  | 'logAnalytics'
  | 'registry'
  | 'compute'
  | 'workspace'
  | 'machineLearning'
  | 'deployment';

export interface PutRequest {
  id: string;
  name: string;
  /** the group or resource above; undefined for a subscription-level resource */
  parent: Resource | undefined;
  existing: Resource | undefined;
  body: JsonObject;
  apiVersion: string;
  query: Record<string, string>;
}

/** What a type stores of a PUT: the client's members, completed with those that Azure fills in. */
export type Draft = Pick<Resource, 'location' | 'tags' | 'sku' | 'kind' | 'identity' | 'properties' | 'secrets'>;

export interface ActionRequest {
  action: string;
  method: string;
  body: JsonObject;
  apiVersion: string;
  query: Record<string, string>;
}

export interface ActionReply {
  status: number;
  headers?: Record<string, string>;
  body?: Json;
  /** set while the action is running: the router adds the operation's headers by the type's LRO style */
  operation?: Operation;
}

/** One ARM resource type: its rules. The router does everything generic (ids, tags, LRO, 404, listing, ETag). */
export interface ResourceType {
  type: string;
  style: LroStyle;
  /** keys of `data/durations.json`; a missing one is answered at once. `update` (default: `put`) is a PUT on what exists */
  duration: { put?: string; update?: string; patch?: string; delete?: string };
  /** provisioningState while an operation runs; default Creating / Updating / Deleting */
  states?: { create?: string; update?: string; delete?: string };
  /** not in the group's list, no location, no tags (zone groups, subnets, role assignments, run-command-like children) */
  proxy?: boolean;
  /** its properties have no provisioningState (role assignments, record sets) */
  stateless?: boolean;
  /** may be bound to availability zones, for good */
  zonal?: boolean;
  /** belongs to any scope: subscription, group or resource (locks, role assignments) */
  extension?: boolean;
  /** a PUT also creates a missing parent with an empty body (`models/versions` creates `models`) */
  makesParent?: boolean;
  /** Checks a PUT against the cloud and completes it. Throws ArmError. Must not change the cloud. */
  prepare(cloud: Cloud, request: PutRequest): Draft;
  /**
   * The PUT is accepted and its operation, if any, has begun; runs before the answer. May change the cloud (inline children,
   * reserved addresses) and `resource.operation.endsAt`; what it changes on `resource` is saved.
   */
  onAccepted?(cloud: Cloud, resource: Resource, request: PutRequest): void | Promise<void>;
  /** The PUT's operation has Succeeded (sync types: at once). May change the cloud: records, connections, children. */
  onCreated?(cloud: Cloud, resource: Resource): void;
  /** An operation of a POST that names its action has Succeeded. May change the cloud. */
  onActionEnded?(cloud: Cloud, resource: Resource, action: string): void;
  /** A PUT was refused for want of capacity or quota, by the rules or by a scripted fault. */
  onRefused?(cloud: Cloud, id: string, body: JsonObject): void;
  /** Throws ArmError where ARM refuses the deletion at once. */
  validateDelete?(cloud: Cloud, resource: Resource, query: Record<string, string>): void;
  /** The resource was deleted: release what it held. Children are removed by the router. */
  onDeleted?(cloud: Cloud, resource: Resource, query: Record<string, string>): void;
  /** A DELETE finds no resource of this id: the operation that purges one in deleted state, if there is one and the query asks for it. */
  purge?(cloud: Cloud, id: string, query: Record<string, string>): Operation | undefined;
  /** The PUT's operation may end Failed by the rules of the cloud at that moment (a missing blob, a missing image). */
  completionError?(cloud: Cloud, resource: Resource): ErrorBody | undefined;
  /**
   * Members computed for an answer. They replace those of the default answer, which is everything but `secrets`;
   * `properties` always gets its `provisioningState` from the router.
   */
  toArm?(cloud: Cloud, resource: Resource, query: Record<string, string>): JsonObject;
  /** The provider's own 404 of a GET, in place of ARM's. */
  notFound?(id: string): ArmError;
  /** A resource that is not stored (built-in role definitions). `id` as in the request. */
  findBuiltIn?(cloud: Cloud, id: string): Resource | undefined;
  /** What a list below `scope` (a subscription, group or parent resource id) answers; default: the stored ones. */
  list?(cloud: Cloud, scope: string, query: Record<string, string>): JsonObject[];
  /** POST actions on one resource (`listKeys`), by lower-case name. */
  actions?: Record<
    string,
    (cloud: Cloud, resource: Resource, request: ActionRequest) => ActionReply | Promise<ActionReply>
  >;
  /** PATCH beyond tags; absent: only tags can be patched */
  patch?(cloud: Cloud, resource: Resource, body: JsonObject): Draft;
}

/** A request below a subscription, location or resource that is not a resource: checkNameAvailability, usages, deletedVaults. */
export interface SubscriptionRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** e.g. `/providers/Microsoft.Storage/checkNameAvailability`, `/providers/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}/purge` */
  path: string;
  style?: LroStyle;
  handle(
    cloud: Cloud,
    request: ActionRequest & { subscriptionId: string; params: Record<string, string> },
  ): ActionReply | Promise<ActionReply>;
}

/** What the rules see of the emulated Azure. All of it survives a restart. */
export interface Cloud {
  now(): Instant;
  readonly timeScale: number;
  /** the duration of a named operation in milliseconds of this clock (scaled): its mean, or what it takes for the resource `of` */
  duration(key: string, of?: string): number;
  find(id: string): Resource | undefined;
  /** direct and indirect children of a resource or group, of one type if given */
  descendants(id: string, type?: string): Resource[];
  /** every resource of a type, in all groups */
  ofType(type: string): Resource[];
  /** the resources of a type whose properties have the id of a resource, in all groups */
  referring(id: string, type: string): Resource[];
  save(resource: Resource): void;
  remove(id: string): void;
  /** begins an operation on a resource outside PUT and DELETE (an action, a purge) */
  startOperation(
    operation: Pick<Operation, 'kind' | 'resourceId' | 'location'> & {
      durationKey: string;
      result?: Json;
      error?: ErrorBody;
      purges?: string;
      action?: string;
    },
  ): Operation;
  /** ends a running operation whose end does not follow from the clock; an `error` unless it has succeeded */
  end(operation: Operation, outcome: Operation['outcome'], error?: ErrorBody): void;
  /** running operation of a resource, if any, at this moment */
  running(resource: Resource): Operation | undefined;
  /** the same by id, for what is no stored resource: a vault or workspace in deleted state */
  runningOn(id: string): Operation | undefined;
  provisioningState(resource: Resource): string;
  /** what is not an ARM resource: blobs, images, disks, soft-deleted vaults; keys like `blob:{account}/{container}/{name}` */
  readonly objects: {
    get(key: string): Json | undefined;
    put(key: string, value: Json): void;
    delete(key: string): void;
    keys(prefix: string): string[];
  };
}
