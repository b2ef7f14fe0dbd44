import { names } from '../../domain/naming.ts';
import type { Finding } from '../../domain/preflight.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ResourceKey } from '../../domain/resources.ts';
import { lookup } from '../resources/lookup.ts';
import { finding, existsAlready } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

interface Availability {
  nameAvailable?: boolean;
  message?: string;
}

async function checkGlobalName(
  it: PreflightContext,
  key: ResourceKey,
  title: string,
  name: string,
  ask: () => Promise<Availability>,
): Promise<Finding[]> {
  if (existsAlready(it, plannedResource(it.site, key).id)) return [];
  const { nameAvailable, message } = await ask();
  if (nameAvailable) return [];
  return [finding('PF-41', 'blocks', `${title} ${name}: ${message ?? 'the name is taken'}`, 'choose another suffix')];
}

/** PF-41: the three names that are shared by all of Azure are free, or already ours. */
export async function checkGlobalNames(it: PreflightContext): Promise<Finding[]> {
  const { storage, vaults, registries } = it.azure.clients(it.site.subscriptionId);
  const n = names(it.site);
  const found = await Promise.all([
    checkGlobalName(it, 'storageAccount', 'storage account', n.storageAccount, () =>
      storage.storageAccounts.checkNameAvailability({
        name: n.storageAccount,
        type: 'Microsoft.Storage/storageAccounts',
      }),
    ),
    checkGlobalName(it, 'vault', 'key vault', n.vault, () =>
      vaults.vaults.checkNameAvailability({ name: n.vault, type: 'Microsoft.KeyVault/vaults' }),
    ),
    checkGlobalName(it, 'registry', 'container registry', n.registry, () =>
      registries.registries.checkNameAvailability({
        name: n.registry,
        type: 'Microsoft.ContainerRegistry/registries',
      }),
    ),
  ]);
  return found.flat();
}

/** PF-42: no soft-deleted vault holds the name. */
export async function checkDeletedVault({ azure, site }: PreflightContext): Promise<Finding[]> {
  const { vault } = names(site);
  const { vaults } = azure.clients(site.subscriptionId).vaults;
  if (!(await lookup(azure, vaults.getDeleted(vault, site.location)))) return [];
  return [
    finding(
      'PF-42',
      'blocks',
      `key vault ${vault} is soft-deleted and holds its name`,
      `az keyvault purge --name ${vault} --location ${site.location}`,
    ),
  ];
}

/** PF-42, PF-43: what Azure offers no way to ask; the first PUT shows it. */
export function assumedNames(it: PreflightContext): Finding[] {
  const n = names(it.site);
  const assumed = (rule: string, key: ResourceKey, message: string, remedy: string) =>
    existsAlready(it, plannedResource(it.site, key).id) ? [] : [finding(rule, 'assumed', message, remedy)];
  return [
    ...assumed(
      'PF-42',
      'workspace',
      `no soft-deleted workspace is called ${n.workspace}; Azure has no call that tells`,
      'if there is one, purge it in the Azure portal (Recently deleted) or choose another suffix',
    ),
    ...assumed(
      'PF-43',
      'onlineEndpoint',
      `online endpoint ${n.onlineEndpoint} is free in ${it.site.location}; Azure has no call that tells`,
      'if it is taken, choose another suffix',
    ),
  ];
}
