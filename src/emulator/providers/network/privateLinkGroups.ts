import { asObject, asText, textOf } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { JsonObject, Resource } from '../../arm/model.ts';
import { serviceName } from '../storage/endpoints.ts';

/** One address of a private endpoint: the names that it answers for, and the record of each in the zone where it belongs. */
export interface Member {
  name: string;
  names: { fqdn: string; zone: string; record: string }[];
}

const storageGroups = ['blob', 'table', 'queue', 'file', 'web', 'dfs'];
const storageDomain = '.core.windows.net';

/**
 * What a private endpoint to a resource leads to, of one group id. Zones and records: Azure docs, private endpoint DNS; workspace:
 * how to use your workspace with a custom DNS server. Throws 400 for an unknown target or group id, and for a
 * registry that is not Premium (PF-08).
 */
export function membersOf(target: Resource, groupId: string): Member[] {
  if (target.type === 'Microsoft.ContainerRegistry/registries') requirePremium(target);
  const offered = linkGroupsOf(target);
  const members = offered.get(groupId);
  if (members) return members;
  throw new ArmError(
    400,
    'BadRequest',
    `Call to ${target.type.split('/')[0]} failed. Error message: group id '${groupId}' is not valid for ${target.id}; valid: ${[...offered.keys()].join(', ')}.`,
  );
}

/** What a resource offers to private endpoints, by group id; nothing for a type that has none. */
export function linkGroupsOf(target: Resource): Map<string, Member[]> {
  const { name, type } = target;
  const region = target.location ?? '';
  if (type === 'Microsoft.KeyVault/vaults')
    return new Map([
      [
        'vault',
        [
          {
            name: 'default',
            names: [{ fqdn: `${name}.vault.azure.net`, zone: 'privatelink.vaultcore.azure.net', record: name }],
          },
        ],
      ],
    ]);
  if (type === 'Microsoft.Storage/storageAccounts')
    return new Map(
      storageGroups.map((group) => {
        const full = serviceName(target, group);
        const record = full.slice(0, -group.length - 1);
        return [group, [{ name: group, names: [under(`${group}${storageDomain}`, record)] }]];
      }),
    );
  if (type === 'Microsoft.ContainerRegistry/registries') {
    const data = {
      name: `registry_data_${region}`,
      names: [under('azurecr.io', `${name}.${region}.data`.toLowerCase())],
    };
    return new Map([['registry', [data, { name: 'registry', names: [under('azurecr.io', name.toLowerCase())] }]]]);
  }
  if (type === 'Microsoft.MachineLearningServices/workspaces')
    return new Map([['amlworkspace', workspaceMembers(target, region)]]);
  return new Map();
}

function workspaceMembers(workspace: Resource, region: string): Member[] {
  const guid = textOf(workspace.properties['workspaceId']);
  const notebooks = 'notebooks.azure.net';
  const notebook =
    asText(asObject(workspace.properties['notebookInfo'])['fqdn'])?.slice(0, -notebooks.length - 1) ??
    `ml-${workspace.name}-${region}-${guid}.${region}`;
  return [
    {
      name: 'default',
      names: [
        under('api.azureml.ms', `${guid}.workspace.${region}`),
        under('api.azureml.ms', `${guid}.workspace.${region}.cert`),
      ],
    },
    { name: 'notebook', names: [under(notebooks, notebook)] },
    {
      name: 'inference',
      names: [
        { ...under('api.azureml.ms', `*.${guid}.inference.${region}`), fqdn: `*.${region}.inference.ml.azure.com` },
      ],
    },
  ];
}

const under = (domain: string, record: string): Member['names'][number] => ({
  fqdn: `${record}.${domain}`,
  zone: `privatelink.${domain}`,
  record,
});

function requirePremium(registry: Resource): void {
  const sku = textOf(registry.sku?.['name'] ?? '');
  if (sku.toLowerCase() === 'premium') return;
  throw new ArmError(
    400,
    'BadRequest',
    `Call to Microsoft.ContainerRegistry failed. Error message: private endpoints are supported for SKU Premium only; registry '${registry.name}' has SKU ${sku}.`,
  );
}

/**
 * The state of a connection as its target answers it. A storage account has a name of its own for a member; a vault leaves out the
 * description of what it approved by itself, a registry what nobody set (recorded tests of Azure/azure-cli).
 */
export function connectionState(
  targetType: string | undefined,
  { status = null, description = '', actionsRequired }: JsonObject,
): JsonObject {
  const described = description === '' || description === null ? {} : { description };
  if (targetType === 'Microsoft.Storage/storageAccounts')
    return { status, description, actionRequired: actionsRequired ?? 'None' };
  if (targetType === 'Microsoft.KeyVault/vaults')
    return { status, ...(description === autoApproved ? {} : described), actionsRequired: actionsRequired ?? 'None' };
  if (targetType === 'Microsoft.ContainerRegistry/registries')
    return {
      status,
      ...described,
      ...(actionsRequired === undefined || status === 'Pending' ? {} : { actionsRequired }),
    };
  return { status, description, actionsRequired: actionsRequired ?? 'None' };
}

/** The description of a connection that needed nobody's approval. */
export const autoApproved = 'Auto-Approved';
