import type { Clients } from '../../azure/clients.ts';
import type { Azure } from '../../azure/connectAzure.ts';
import type { GenericClient } from '../../azure/genericClient.ts';
import type { PollerLike } from '../../azure/operations.ts';
import type { Probe } from '../../domain/environment.ts';
import type { IsolationSpec } from '../../domain/isolationSpec.ts';
import { parseResourceId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import { plannedResource, subnetName } from '../../domain/resources.ts';

/** Options of a resource that depend on the run; which members apply depends on the resource. Absent members of the spec: closed. */
export interface EnsureOptions extends Partial<IsolationSpec> {
  instanceType?: string;
  instanceCount?: number;
  probe?: Probe;
  requestTimeoutSeconds?: number;
  maxConcurrentRequests?: number;
  /** of the jumpbox */
  vmSize?: string;
  diskGb?: number;
  /** of the key vault; absent: read from the subscription */
  tenantId?: string;
  /** of the model */
  format?: 'custom' | 'mlflow';
  /** without code and environment: Azure's own image serves the model */
  versions?: { modelId: string; codeId?: string; environmentId?: string };
  /** percent of the endpoint's traffic that the deployment gets; absent: the traffic is not changed */
  traffic?: number;
  /** of a virtual machine, in OpenSSH's format; absent: a generated one whose private key is discarded */
  sshPublicKey?: string;
}

/** One ARM resource with the clients to access it. */
export interface ResourceHandle {
  clients: Clients;
  generic: GenericClient;
  id: string;
  group: string;
  /** segments of its name, one for each segment of its type */
  names: readonly string[];
}

/** The inputs of a resource's body. */
export interface DesiredState extends ResourceHandle {
  ref: EnvironmentRef;
  key: ResourceKey;
  options: EnsureOptions;
  /** the existing resource; undefined when absent or not read */
  actual: object | undefined;
}

/** The definition of one ARM resource type: GET, PUT, DELETE and the desired body. `Model` is the SDK's read model. */
export interface ResourceType<Model extends object = object, Body extends object = Model> {
  /** as ARM spells it */
  type: string;
  get(handle: ResourceHandle): Promise<Model>;
  delete(handle: ResourceHandle): PollerLike;
  /** absent: Moat only deletes such resources */
  put?: { send(handle: ResourceHandle, body: Body): PollerLike; body(desired: DesiredState): Body | Promise<Body> };
  /** api-version and members of the PUT that Azure may not support everywhere: named when its operation fails */
  sentAs?: string;
  /** a PUT does not repair a failed resource: it must be deleted first */
  recreateWhenFailed?: true;
  /** an existing resource cannot be changed as desired: it is deleted first */
  mustRecreate?(desired: DesiredState): boolean;
  /** resources that Azure deletes together with it: they are recreated first */
  recreateFirst?: readonly ResourceKey[];
  /** for types whose names must be unique in all of Azure */
  checkNameAvailability?(clients: Clients, name: string): Promise<{ nameAvailable?: boolean; message?: string }>;
}

/** Checks a resource type against the SDK's models, and erases their types. */
export const defineResourceType = <Model extends object, Body extends object = Model>(
  definition: ResourceType<Model, Body>,
): ResourceType => definition;

/** A resource that no typed package of the SDK covers. */
export interface GenericResource {
  location: string;
  kind?: string;
  properties: Record<string, unknown>;
}

/** The handle of a resource by its id. Throws RangeError on an id that is not of a resource in a group. */
export function resourceHandle(azure: Azure, id: string): ResourceHandle {
  const parsed = parseResourceId(id);
  if (!parsed) throw new RangeError(`not a resource id: ${id}`);
  return {
    clients: azure.clients(parsed.subscriptionId),
    generic: azure.generic,
    id,
    group: parsed.group,
    names: parsed.name.split('/'),
  };
}

interface Stateful {
  provisioningState?: string;
  properties?: { provisioningState?: string };
}

/** ARM's provisioningState, at the top level or in `properties`; Succeeded for a resource without one. */
export function provisioningStateOf(model: object): string {
  const { provisioningState, properties } = model as Stateful;
  return provisioningState ?? properties?.provisioningState ?? 'Succeeded';
}

/** A reference to another resource by its id, in the SDKs' format. */
export const reference = (id: string): { id: string } => ({ id });

/** A reference to the scoring subnet. */
export const scoringSubnet = (ref: EnvironmentRef): { id: string } =>
  reference(ref.ids?.['subnet'] ?? `${plannedResource(ref, 'virtualNetwork').id}/subnets/${subnetName}`);
