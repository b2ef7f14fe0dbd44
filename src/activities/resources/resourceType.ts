import type { Clients } from '../../azure/clients.ts';
import type { Azure } from '../../azure/connectAzure.ts';
import type { GenericClient } from '../../azure/genericClient.ts';
import type { PollerLike } from '../../azure/operations.ts';
import { parseResourceId } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { ResourceKey } from '../../domain/resources.ts';

/** What a run asks of a resource beyond the site; which of it counts depends on the resource. */
export interface EnsureOptions {
  instanceType?: string;
  instanceCount?: number;
  workspacePublicNetworkAccess?: 'enabled' | 'disabled';
  /** of the model */
  format?: 'custom' | 'mlflow';
  versions?: { codeId: string; modelId: string; environmentId: string };
  /** percent of the endpoint's traffic that the deployment gets; absent: the traffic is left as it is */
  traffic?: number;
  /** of a virtual machine, in OpenSSH's form; absent: one whose private half nobody keeps */
  sshPublicKey?: string;
}

/** One ARM resource and what reaches it. */
export interface ResourceHandle {
  clients: Clients;
  generic: GenericClient;
  id: string;
  group: string;
  /** its name, one segment for each segment of its type */
  names: readonly string[];
}

export interface DesiredState extends ResourceHandle {
  site: EnvironmentRef;
  key: ResourceKey;
  options: EnsureOptions;
  /** what is there now */
  actual: object | undefined;
}

/** What Moat knows of one ARM resource type. `Model` is the SDK's read model of it. */
export interface ResourceType<Model extends object = object, Body extends object = Model> {
  /** as ARM spells it */
  type: string;
  get(at: ResourceHandle): Promise<Model>;
  delete(at: ResourceHandle): PollerLike;
  /** absent: Moat only removes such resources */
  put?: { send(at: ResourceHandle, body: Body): PollerLike; body(wanted: DesiredState): Body | Promise<Body> };
  /** a PUT does not mend a failed one: it must be deleted first */
  recreateWhenFailed?: true;
  /** what Azure deletes along with it: there again before it is made again */
  recreateFirst?: readonly ResourceKey[];
}

/** A noun for the table of all nouns, its models hidden. */
export const defineResourceType = <Model extends object, Body extends object = Model>(one: ResourceType<Model, Body>): ResourceType => one;

/** Where a resource is, by its id. Throws RangeError on what is not a resource in a group. */
export function resourceHandle(azure: Azure, id: string): ResourceHandle {
  const ref = parseResourceId(id);
  if (!ref) throw new RangeError(`not a resource id: ${id}`);
  return {
    clients: azure.clients(ref.subscriptionId),
    generic: azure.generic,
    id,
    group: ref.group,
    names: ref.name.split('/'),
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

/** The id of another resource in the same group, as the SDKs want it. */
export const reference = (id: string): { id: string } => ({ id });
