import { groupName } from '../../domain/naming.ts';
import type { GroupRef, ResourceRef } from '../../domain/naming.ts';
import { plannedResources } from '../../domain/resources.ts';
import type { Azure } from '../../azure/connectAzure.ts';

const vaultType = 'Microsoft.KeyVault/vaults';

/** The suffix in a resource's name; undefined where the name is not the catalogue's prefix for its type plus a suffix. */
function suffixIn(name: string, { type, name: found }: ResourceRef): string | undefined {
  const ref = { subscriptionId: '', name, location: '', suffix: '' };
  return plannedResources(ref)
    .filter((planned) => planned.type.toLowerCase() === type.toLowerCase() && found.startsWith(planned.name))
    .map((planned) => found.slice(planned.name.length))
    .find((rest) => /^[a-z0-9]{3,10}$/.test(rest));
}

/** The suffix that most names have: an adopted group may have a resource whose name only begins like one of Moat's. */
function mostFrequent(suffixes: readonly string[]): string | undefined {
  const countOf = (one: string): number => suffixes.filter((other) => other === one).length;
  return suffixes.toSorted((a, b) => countOf(b) - countOf(a))[0];
}

/** The suffix of an environment's resource names, from the resources of its group or from its soft-deleted vault; null where neither has it. */
export async function readSuffix(azure: Azure, ref: GroupRef & { subscriptionId: string }): Promise<string | null> {
  const { name } = ref;
  const { resources, vaults } = azure.clients(ref.subscriptionId);
  const suffixes: string[] = [];
  for await (const resource of resources.resources.listByResourceGroup(groupName(ref))) {
    const suffix = suffixIn(name, { type: resource.type ?? '', name: resource.name ?? '' });
    if (suffix) suffixes.push(suffix);
  }
  const suffix = mostFrequent(suffixes);
  if (suffix) return suffix;
  const group = `/resourcegroups/${groupName(ref)}/`.toLowerCase();
  for await (const vault of vaults.vaults.listDeleted()) {
    if (!vault.properties?.vaultId?.toLowerCase().includes(group)) continue;
    return suffixIn(name, { type: vaultType, name: vault.name ?? '' }) ?? null;
  }
  return null;
}
