import { isBrought } from '../../../domain/broughtResources.ts';
import { parseResourceId } from '../../../domain/naming.ts';
import { resourceProviders, plannedResource, plannedResources, resourceName } from '../../../domain/resources.ts';
import type { PlannedResource } from '../../../domain/resources.ts';
import { roleDefinitionIn } from '../../../domain/roleDefinitions.ts';
import type { Permission } from '../../../domain/roleDefinitions.ts';
import { ignoreNotFound } from '../../resources/ignoreNotFound.ts';
import { listLocks } from '../../resources/listLocks.ts';
import { resourceTypeOf } from '../../resources/resourceTypes.ts';
import { existsAlready } from '../facts.ts';
import type { FactName, Facts, Provider, TakenName } from '../facts.ts';
import type { Usage } from '../rules/usages.ts';
import { isDedicated } from '../rules/usages.ts';
import { networkQuotasNeeded } from '../rules/networkQuota.ts';
import { readBrought, readZones } from './broughtResources.ts';
import { readExisting } from './existingResources.ts';
import { readMachines } from './machines.ts';
import { readPolicies } from './policies.ts';
import type { PreflightContext } from './preflightContext.ts';

/** Reads one fact. */
interface Reader<Value> {
  /** what is read, for the message of a refusal */
  subject: string;
  /** the requests to ARM, for docs/preflight.md */
  requests: string;
  read(context: PreflightContext): Promise<Value>;
}

/** Facts that need no request of their own: known before the readers start, or read from their answers. */
export type GivenFact = 'environment' | 'clockSkewMs';

const providers = [
  ...resourceProviders,
  'Microsoft.Authorization',
  // An online endpoint needs them, but its error message does not name them (Microsoft Q&A 1983847).
  'Microsoft.PolicyInsights',
  'Microsoft.Cdn',
  // Application Insights adds its smart detector rule by itself.
  'Microsoft.AlertsManagement',
];

const subscriptionOf = ({ ref }: PreflightContext): string => `/subscriptions/${ref.subscriptionId}`;

async function readProvider({ azure, ref }: PreflightContext, namespace: string): Promise<Provider> {
  const found = await azure.clients(ref.subscriptionId).resources.providers.get(namespace);
  return { ...found, namespace: found.namespace ?? namespace };
}

async function readNamedRole({ azure, ref, spec }: PreflightContext): Promise<Facts['namedRole']> {
  const named = spec.jumpbox.keyReaderRoleDefinitionId;
  if (named === undefined) return undefined;
  const id = roleDefinitionIn(ref.subscriptionId, named);
  const { roleDefinitions } = azure.clients(ref.subscriptionId).authorization;
  const role = await ignoreNotFound(azure, roleDefinitions.getById(id.slice(1)));
  return { id, scope: plannedResource(ref, 'workspace').id, role };
}

/** ARM finds a resource by its type and name without an api-version of its type. */
async function isMissing({ azure }: PreflightContext, id: string): Promise<boolean> {
  const { subscriptionId, group, type, name } = parseResourceId(id) ?? {};
  const path = `/subscriptions/${subscriptionId}/resourceGroups/${group}/resources`;
  const $filter = `resourceType eq '${type}' and name eq '${name}'`;
  return ((await ignoreNotFound(azure, azure.generic.list(path, '2021-04-01', { $filter }))) ?? []).length === 0;
}

async function readMissingTargets(context: PreflightContext): Promise<string[]> {
  const rules = context.spec.outboundRules ?? [];
  const ids = new Set(rules.flatMap((rule) => (rule.type === 'privateEndpoint' ? [rule.resourceId] : [])));
  const missing = [...ids].map(async (id) => ((await isMissing(context, id)) ? [id] : []));
  return (await Promise.all(missing)).flat();
}

async function readTakenName(context: PreflightContext, { id, title, name }: PlannedResource): Promise<TakenName[]> {
  const { checkNameAvailability } = resourceTypeOf(id);
  if (!checkNameAvailability || existsAlready(context, id)) return [];
  const clients = context.azure.clients(context.ref.subscriptionId);
  const { nameAvailable, message } = await checkNameAvailability(clients, name);
  return nameAvailable ? [] : [{ title, name, reason: message }];
}

async function readMlCores(context: PreflightContext): Promise<Usage[] | undefined> {
  const { azure, ref } = context;
  if (existsAlready(context, plannedResource(ref, 'deployment').id)) return undefined;
  const listed = await Array.fromAsync(azure.clients(ref.subscriptionId).machineLearning.usages.list(ref.location));
  return (listed as Usage[]).filter(isDedicated);
}

/** How each fact is read. All are read side by side; none changes anything. */
export const readers: { [Name in Exclude<FactName, GivenFact>]: Reader<Facts[Name]> } = {
  subscription: {
    subject: 'the subscription',
    requests: '`GET /subscriptions/{id}`',
    read: (context) => context.subscription(),
  },
  permissions: {
    subject: 'the permissions of the caller',
    requests: '`GET …/Microsoft.Authorization/permissions` of the subscription',
    read: async (context) => {
      const path = `${subscriptionOf(context)}/providers/Microsoft.Authorization/permissions`;
      return (await context.azure.generic.list(path, '2022-04-01')) as Permission[];
    },
  },
  namedRole: {
    subject: 'the role of the jumpbox',
    requests: '`GET …/Microsoft.Authorization/roleDefinitions/{id}`, where the spec names one',
    read: readNamedRole,
  },
  providers: {
    subject: 'the resource providers',
    requests: `\`GET /subscriptions/{id}/providers/{namespace}\`, ${providers.length} times`,
    read: (context) => Promise.all(providers.map((namespace) => readProvider(context, namespace))),
  },
  locks: {
    subject: 'the locks',
    requests: '`GET …/Microsoft.Authorization/locks` of the subscription',
    read: (context) => listLocks(context, { ref: context.ref }),
  },
  missingTargets: {
    subject: 'the targets of outbound rules',
    requests: '`GET …/resources` with a filter, for each outbound rule of the type `privateEndpoint`',
    read: readMissingTargets,
  },
  takenNames: {
    subject: 'the global names',
    requests: '`POST …/checkNameAvailability` of storage, vaults and registries, for what does not exist',
    read: async (context) => {
      const read = plannedResources(context.ref).map((planned) => readTakenName(context, planned));
      return (await Promise.all(read)).flat();
    },
  },
  vaultIsDeleted: {
    subject: 'soft-deleted vaults',
    requests: '`GET …/Microsoft.KeyVault/locations/{location}/deletedVaults/{name}`',
    read: async ({ azure, ref }) => {
      if (isBrought(ref, { key: 'vault' })) return false;
      const { vaults } = azure.clients(ref.subscriptionId).vaults;
      const found = await ignoreNotFound(azure, vaults.getDeleted(resourceName(ref, 'vault'), ref.location));
      return found !== undefined;
    },
  },
  mlCores: {
    subject: 'the quota for the deployment',
    requests: '`GET …/Microsoft.MachineLearningServices/locations/{location}/usages`, unless the deployment exists',
    read: readMlCores,
  },
  machines: {
    subject: 'the sizes of the jumpbox',
    requests: '`GET …/Microsoft.Compute/skus` and `…/locations/{location}/usages`, unless the jumpbox exists',
    read: readMachines,
  },
  networkUsages: {
    subject: 'the network quotas',
    requests:
      '`GET …/Microsoft.Network/locations/{location}/usages`, unless network, NAT gateway and its address exist',
    read: async (context) =>
      networkQuotasNeeded(context).length === 0
        ? []
        : Array.fromAsync(context.azure.clients(context.ref.subscriptionId).network.usages.list(context.ref.location)),
  },
  policies: {
    subject: 'the policies',
    requests:
      '`GET …/policyAssignments`; where there are any, `POST …/checkPolicyRestrictions` for each kind of resource that does not exist, 18 at most; where one denies, `GET …/policyExemptions`',
    read: readPolicies,
  },
  planned: {
    subject: 'the tenant of the planned vault',
    requests: 'none: built from the spec, the vault with the tenant of the subscription',
    read: (context) => context.plannedContents(),
  },
  existing: {
    subject: 'the resources of the group',
    requests:
      '`GET` of virtual network, workspace, registry, vault and deployment, where they exist in the sealed group; none for a new environment',
    read: readExisting,
  },
  brought: {
    subject: 'the existing resources of the spec',
    requests: '`GET` of each resource in `existing`, and `GET …/Microsoft.Authorization/permissions` there',
    read: readBrought,
  },
  zones: {
    subject: 'the private DNS zones',
    requests:
      '`GET …/virtualNetworkLinks` and `…/A` of each zone in `existing`; with `existing.subnet`, `GET …/privateDnsZones` of the subscription and the links of those with the same names',
    read: readZones,
  },
};
