import { names } from '../domain/naming.ts';
import type { Site } from '../domain/naming.ts';
import { inProgress } from './failure.ts';
import type { Deps } from './guarded.ts';
import { lookup } from './lookup.ts';
import type { Deletion } from './resourceGroup.ts';

export interface PurgeVaultInput {
  site: Site;
  /** default: the environment's own vault */
  name?: string;
}

const deletedVault = ({ azure }: Deps, { site, name = names(site).vault }: PurgeVaultInput) =>
  lookup(azure, azure.clients(site.subscriptionId).vaults.vaults.getDeleted(name, site.location));

/** Begins to purge a soft-deleted vault, whose name stays taken otherwise (DEL-4). There being none is `absent`. */
export async function purgeVault(deps: Deps, input: PurgeVaultInput): Promise<Deletion> {
  const absent: Deletion = { token: null, state: 'absent', retryAfterMs: 0 };
  if (!(await deletedVault(deps, input))) return absent;
  const { site, name = names(site).vault } = input;
  const { operations, clients } = deps.azure;
  const purging = operations.begin(() => clients(site.subscriptionId).vaults.vaults.purgeDeleted(name, site.location));
  const begun = await lookup(deps.azure, purging);
  return begun ? { ...begun, state: 'Purging' } : absent;
}

/** Looks once whether no soft-deleted vault of the name is left. Throws `InProgress` until then. */
export async function observePurge(deps: Deps, input: PurgeVaultInput & { token: string | null }): Promise<void> {
  const { azure } = deps;
  const label = `key vault ${input.name ?? names(input.site).vault}`;
  if (input.token !== null) {
    const look = await lookup(azure, azure.operations.look(input.token));
    if (look && !look.done) throw inProgress(`${label}: Purging`, look.retryAfterMs);
  }
  if (await deletedVault(deps, input)) throw inProgress(`${label}: Purging`, azure.pace(5));
}
