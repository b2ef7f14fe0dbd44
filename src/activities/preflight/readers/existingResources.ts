import { isBrought } from '../../../domain/broughtResources.ts';
import { plannedResources } from '../../../domain/resources.ts';
import type { CatalogueKey } from '../../../domain/resourceKeys.ts';
import { ignoreNotFound } from '../../resources/ignoreNotFound.ts';
import { labelOf } from '../../resources/resourceTypes.ts';
import { existsAlready } from '../facts.ts';
import type { ResourceFact } from '../rules/resourceFact.ts';
import type { PreflightContext } from './preflightContext.ts';

/** The kinds that rules are about, with a published api-version for each: rules need ARM's shape, not that of the SDK's models. */
const readKinds: Partial<Record<CatalogueKey, string>> = {
  virtualNetwork: '2024-05-01',
  workspace: '2025-12-01',
  registry: '2025-04-01',
  vault: '2024-11-01',
  deployment: '2022-10-01',
};

/** The existing resources of the sealed group that rules are about, as ARM returns them. One that is deleted meanwhile is left out. */
export async function readExisting(context: PreflightContext): Promise<ResourceFact[]> {
  const { azure, ref } = context;
  const read = plannedResources(ref).map(async ({ id, key, row, type }): Promise<ResourceFact[]> => {
    const apiVersion = readKinds[row];
    if (apiVersion === undefined || isBrought(ref, { key }) || !existsAlready(context, id)) return [];
    const body = await ignoreNotFound(azure, azure.generic.send('GET', id, apiVersion));
    return body ? [{ id, type, label: labelOf(id), apiVersion: '', body: body as ResourceFact['body'] }] : [];
  });
  return (await Promise.all(read)).flat();
}
