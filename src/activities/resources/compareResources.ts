import type { Spec } from '../../domain/environment.ts';
import { isAddition } from '../../domain/broughtResources.ts';
import { isWithin } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResources, resourcesOf } from '../../domain/resources.ts';
import type { PlannedResource } from '../../domain/resources.ts';
import { formatOf } from '../../domain/samples.ts';
import type { OnlineDeployment } from '../../azure/clients.ts';
import type { ActivityDeps } from '../deps.ts';
import { isLinkedByOwner } from './broughtResource.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { changesFrom } from './matchesDesired.ts';
import type { Difference } from './matchesDesired.ts';
import { acceptExisting } from './readBack.ts';
import { provisioningStateOf, resourceHandle } from './resourceType.ts';
import type { EnsureOptions } from './resourceType.ts';
import { resourceTypeOf } from './resourceTypes.ts';

export interface CompareResourcesInput {
  ref: EnvironmentRef;
  spec: Spec;
  /** ids of the resources that ARM lists in the sealed group */
  inventory: readonly string[];
}

type Comparison = 'adopt' | 'change';

/** How an existing resource compares with what a run would request. */
export interface ComparedResource {
  comparison: Comparison;
  /** of one that is written or recreated: what that changes */
  changes: readonly Difference[];
}

const same: ComparedResource = { comparison: 'adopt', changes: [] };

/** The options of a run. The versions of the assets are known only after the image is built: those of the deployment are kept. */
function optionsOf({ jumpbox, model, ...serving }: Spec, actual: object): EnsureOptions {
  const { properties } = actual as Partial<OnlineDeployment>;
  const { environmentId = '', model: modelId = '', codeConfiguration } = properties ?? {};
  return {
    ...serving,
    format: formatOf(model),
    vmSize: jumpbox.sizes[0]!,
    diskGb: jumpbox.diskGb,
    versions: { codeId: codeConfiguration?.codeId ?? '', modelId, environmentId },
  };
}

/** Undefined where the resource does not exist. One that Azure is creating or updating is waited for, as a run does. */
export async function compareResource(
  { azure }: ActivityDeps,
  { ref, spec }: Pick<CompareResourcesInput, 'ref' | 'spec'>,
  planned: PlannedResource,
): Promise<ComparedResource | undefined> {
  const { id, key } = planned;
  const type = resourceTypeOf(id);
  const handle = resourceHandle(azure, id);
  const actual = await ignoreNotFound(azure, type.get(handle));
  if (!actual) return (await isLinkedByOwner(azure, ref, planned)) ? same : undefined;
  const state = provisioningStateOf(actual);
  if (/^(failed|canceled|deleting)$/i.test(state)) {
    const change = { path: ['provisioningState'], actual: state, desired: 'Succeeded' };
    return { comparison: 'change', changes: [change] };
  }
  if (!/^succeeded$/i.test(state)) return same;
  const desired = { ...handle, ref, key, options: optionsOf(spec, actual), actual };
  const body = await type.put!.body(desired);
  if (!type.mustRecreate?.(desired) && acceptExisting(type, id, actual, body)) return same;
  return { comparison: 'change', changes: changesFrom(actual, body) };
}

/**
 * Compares the resources that exist with what a run would request, by key. Only reads. Children that ARM does not list in the group are read
 * where their parent is listed.
 */
export async function compareResources(
  deps: ActivityDeps,
  input: CompareResourcesInput,
): Promise<Record<string, Comparison>> {
  const { ref, inventory } = input;
  const isListed = (id: string): boolean => inventory.some((one) => isWithin(id, one));
  const listed = plannedResources(ref).filter((one) => isListed(one.id) || isAddition(ref, one));
  const compared = await Promise.all(
    listed.map(async (resource) => [resource.key, (await compareResource(deps, input, resource))?.comparison] as const),
  );
  // Azure creates the disk with its machine
  const disks = resourcesOf(ref, 'disk').map(({ key, id }) => [key, isListed(id) ? 'adopt' : undefined] as const);
  return Object.fromEntries([...compared, ...disks].filter((entry) => entry[1] !== undefined)) as Record<
    string,
    Comparison
  >;
}
