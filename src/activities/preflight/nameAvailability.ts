import type { Azure } from '../../azure/connectAzure.ts';
import { chooseAnotherSuffix, retryByPost } from '../../domain/remedies.ts';
import { blocking } from '../../domain/preflightReport.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { plannedResource, plannedResources, resourceName } from '../../domain/resources.ts';
import type { PlannedResource } from '../../domain/resources.ts';
import type { ResourceKey } from '../../domain/resourceKeys.ts';
import { retryLater } from '../errors/activityFailures.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';
import { resourceTypeOf } from '../resources/resourceTypes.ts';
import { finding, existsAlready } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

const namesRule = 'PF-41';

async function checkGlobalName(context: PreflightContext, { id, title, name }: PlannedResource): Promise<Finding[]> {
  const { checkNameAvailability } = resourceTypeOf(id);
  if (!checkNameAvailability || existsAlready(context, id)) return [];
  const clients = context.azure.clients(context.ref.subscriptionId);
  const { nameAvailable, message } = await checkNameAvailability(clients, name);
  if (nameAvailable) return [];
  const remedy = context.groupExists
    ? chooseAnotherSuffix
    : `if this environment has just been deleted, Azure still holds the name: wait some minutes, then ${retryByPost}; otherwise ${chooseAnotherSuffix}`;
  return [finding(namesRule, 'blocks', `${title} ${name}: ${message ?? 'the name is taken'}`, remedy)];
}

/** PF-41: names that must be unique in all of Azure are available, or belong to the environment's own resources. */
export async function checkGlobalNames(context: PreflightContext): Promise<Finding[]> {
  const found = await Promise.all(plannedResources(context.ref).map((planned) => checkGlobalName(context, planned)));
  return found.flat();
}

/** For how long after a deletion its names may still be taken (Azure/azure-cli#253 gives no figure; Moat's own limit). */
const heldSeconds = 600;
const secondsBetweenChecks = 15;

/**
 * Names of a storage account or registry are not free at once after their deletion (Azure/azure-cli#253). Throws `NotYetConsistent` where
 * taken names alone block and this installation deleted them (`freedAt`, ISO time) less than ten minutes of Azure's time ago.
 */
export function waitForDeletedNames(azure: Azure, findings: readonly Finding[], freedAt: string | undefined): void {
  const reasons = blocking(findings);
  if (freedAt === undefined || reasons.length === 0 || reasons.some(({ rule }) => rule !== namesRule)) return;
  if (Date.now() - Date.parse(freedAt) > azure.delayMs(heldSeconds)) return;
  const names = reasons.map(({ message }) => message.slice(0, message.indexOf(':'))).join(', ');
  throw retryLater(
    `${names}: held by what you just deleted, or taken by somebody else; checking again`,
    azure.delayMs(secondsBetweenChecks),
  );
}

/** PF-42: no soft-deleted vault reserves the name. */
export async function checkDeletedVault({ azure, ref }: PreflightContext): Promise<Finding[]> {
  const vault = resourceName(ref, 'vault');
  const { vaults } = azure.clients(ref.subscriptionId).vaults;
  if (!(await ignoreNotFound(azure, vaults.getDeleted(vault, ref.location)))) return [];
  return [
    finding(
      'PF-42',
      'blocks',
      `key vault ${vault} is soft-deleted and reserves its name`,
      `az keyvault purge --name ${vault} --location ${ref.location}`,
    ),
  ];
}

/** PF-42, PF-43: names whose availability no API of Azure reports; the first PUT shows it. */
export function assumedNames(context: PreflightContext): Finding[] {
  const assumed = (rule: string, key: ResourceKey, message: string, remedy: string) =>
    existsAlready(context, plannedResource(context.ref, key).id) ? [] : [finding(rule, 'assumed', message, remedy)];
  return [
    ...assumed(
      'PF-42',
      'workspace',
      `assumed: no soft-deleted workspace is named ${resourceName(context.ref, 'workspace')}; Azure has no API to check`,
      'if there is one, purge it in the Azure portal (Recently deleted) or POST with another "suffix"',
    ),
    ...assumed(
      'PF-43',
      'onlineEndpoint',
      `assumed: online endpoint name ${resourceName(context.ref, 'onlineEndpoint')} is available in ${context.ref.location}; Azure has no API to check`,
      'if it is taken, DELETE the environment, then POST it with another "suffix"',
    ),
  ];
}
