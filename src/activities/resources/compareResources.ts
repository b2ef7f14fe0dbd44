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
async function compare(
  deps: ActivityDeps,
  { ref, spec }: CompareResourcesInput,
  planned: PlannedResource,
): Promise<Comparison | undefined> {
  const { azure } = deps;
  const { id, key } = planned;
  const type = resourceTypeOf(id);
  const handle = resourceHandle(azure, id);
  const actual = await ignoreNotFound(azure, type.get(handle));
  if (!actual) return (await isLinkedByOwner(azure, ref, planned)) ? 'adopt' : undefined;
  const state = provisioningStateOf(actual);
  if (/^(failed|canceled|deleting)$/i.test(state)) return 'change';
  if (!/^succeeded$/i.test(state)) return 'adopt';
  const desired = { ...handle, ref, key, options: optionsOf(spec, actual), actual };
  if (type.mustRecreate?.(desired)) return 'change';
  return acceptExisting(type, id, actual, await type.put!.body(desired)) ? 'adopt' : 'change';
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
    listed.map(async (resource) => [resource.key, await compare(deps, input, resource)] as const),
  );
  // Azure creates the disk with its machine
  const disks = resourcesOf(ref, 'disk').map(({ key, id }) => [key, isListed(id) ? 'adopt' : undefined] as const);
  return Object.fromEntries([...compared, ...disks].filter((entry) => entry[1] !== undefined)) as Record<
    string,
    Comparison
  >;
}
