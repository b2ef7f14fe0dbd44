import type { Clients } from '../../azure/clients.ts';
import type { Azure } from '../../azure/connectAzure.ts';
import type { GenericClient } from '../../azure/genericClient.ts';
import type { PollerLike } from '../../azure/operations.ts';
import { parseResourceId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import { plannedResource, subnetName } from '../../domain/resources.ts';

/** What a run specifies of a resource beyond the environment; which members apply depends on the resource. */
export interface EnsureOptions {
  instanceType?: string;
  instanceCount?: number;
  workspacePublicNetworkAccess?: 'enabled' | 'disabled';
  /** of the model */
  format?: 'custom' | 'mlflow';
  versions?: { codeId: string; modelId: string; environmentId: string };
  /** percent of the endpoint's traffic that the deployment gets; absent: the traffic is not changed */
  traffic?: number;
  /** of a virtual machine, in OpenSSH's form; absent: one whose private half is dropped */
  sshPublicKey?: string;
}

/** One ARM resource and the clients that reach it. */
export interface ResourceHandle {
  clients: Clients;
  generic: GenericClient;
  id: string;
  group: string;
  /** its name, one segment for each segment of its type */
  names: readonly string[];
}

/** What a resource's body is built from. */
export interface DesiredState extends ResourceHandle {
  ref: EnvironmentRef;
  key: ResourceKey;
  options: EnsureOptions;
  /** as it is now; undefined when absent or not read */
  actual: object | undefined;
}

/** What Moat knows of one ARM resource type. `Model` is the SDK's read model of it. */
export interface ResourceType<Model extends object = object, Body extends object = Model> {
  /** as ARM spells it */
  type: string;
  get(handle: ResourceHandle): Promise<Model>;
  delete(handle: ResourceHandle): PollerLike;
  /** absent: Moat only deletes such resources */
  put?: { send(handle: ResourceHandle, body: Body): PollerLike; body(desired: DesiredState): Body | Promise<Body> };
  /** a PUT does not repair a failed one: it must be deleted first */
  recreateWhenFailed?: true;
  /** resources that Azure deletes with it: they are created before it is created anew */
  recreateFirst?: readonly ResourceKey[];
  /** of a type whose names are unique in all of Azure */
  checkNameAvailability?(clients: Clients, name: string): Promise<{ nameAvailable?: boolean; message?: string }>;
}

/** Checks a resource type against its SDK's models and hides them. */
export const defineResourceType = <Model extends object, Body extends object = Model>(
  definition: ResourceType<Model, Body>,
): ResourceType => definition;

/** A resource that no typed package of the SDK knows. */
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

/** ARM's provisioningState, wherever a model has it; a resource without one is Succeeded. */
export function provisioningStateOf(model: object): string {
  const { provisioningState, properties } = model as Stateful;
  return provisioningState ?? properties?.provisioningState ?? 'Succeeded';
}

/** A reference to another resource by its id, in the SDKs' form. */
export const reference = (id: string): { id: string } => ({ id });

/** The subnet, for what gets an address in it. */
export const scoringSubnet = (ref: EnvironmentRef): { id: string } =>
  reference(`${plannedResource(ref, 'virtualNetwork').id}/subnets/${subnetName}`);
