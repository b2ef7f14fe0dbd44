import { groupName } from '../../domain/naming.ts';
import type { ResourceRef } from '../../domain/naming.ts';
import { plannedResources } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';

const vaultType = 'Microsoft.KeyVault/vaults';

/** The suffix in a resource's name, where the catalogue has one of its type whose name is a prefix and the suffix. */
function suffixIn(name: string, { type, name: found }: ResourceRef): string | undefined {
  const site = { subscriptionId: '', name, location: '', suffix: '' };
  return plannedResources(site)
    .filter((planned) => planned.type.toLowerCase() === type.toLowerCase() && found.startsWith(planned.name))
    .map((planned) => found.slice(planned.name.length))
    .find((rest) => /^[a-z0-9]{3,10}$/.test(rest));
}

export interface SuffixesInput {
  subscriptionId: string;
  /** environments by name */
  names: string[];
}

/** The suffixes of environments' resource names, read from their groups' resources or deleted vaults; null where neither has one. */
export async function readSuffixes(
  { azure }: ActivityDeps,
  { subscriptionId, names }: SuffixesInput,
): Promise<(string | null)[]> {
  const { resources, vaults } = azure.clients(subscriptionId);
  const deleted: { vaultId: string; name: string }[] = [];
  for await (const { name, properties } of vaults.vaults.listDeleted())
    deleted.push({ vaultId: properties?.vaultId ?? '', name: name ?? '' });

  async function suffixOf(name: string): Promise<string | null> {
    for await (const resource of resources.resources.listByResourceGroup(groupName(name))) {
      const suffix = suffixIn(name, { type: resource.type ?? '', name: resource.name ?? '' });
      if (suffix) return suffix;
    }
    const group = `/resourcegroups/${groupName(name)}/`.toLowerCase();
    const vault = deleted.find(({ vaultId }) => vaultId.toLowerCase().includes(group));
    return (vault && suffixIn(name, { type: vaultType, name: vault.name })) ?? null;
  }

  const suffixes: (string | null)[] = [];
  for (const name of names) suffixes.push(await suffixOf(name));
  return suffixes;
}
