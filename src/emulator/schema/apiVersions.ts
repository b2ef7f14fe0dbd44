/** Disks, their snapshots, encryption sets and accesses. */
const disks = `2016-04-30-preview 2017-03-30 2018-04-01 2018-06-01 2018-09-30 2019-03-01 2019-07-01 2019-11-01 2020-05-01
    2020-06-30 2020-09-30 2020-12-01 2021-04-01 2021-08-01 2021-12-01 2022-03-02 2022-07-02 2023-01-02 2023-04-02 2023-10-02 2024-03-02
    2025-01-02 2026-03-02`;

/**
 * The published api-versions. Sources: the versions below `generated/` in Azure/bicep-types-az; those that azure-cli 2.91 and the azure-mgmt
 * packages for Python send; for what older clients send, the folders of Azure/azure-rest-api-specs.
 */
const lists: Readonly<Record<string, string>> = {
  'Microsoft.AlertsManagement': '2019-03-01 2019-06-01 2021-04-01 2025-07-01-preview',
  'Microsoft.Authorization': `2014-07-01-preview 2014-10-01-preview 2015-06-01 2015-07-01 2016-07-01 2017-10-01-preview 2018-01-01-preview 2018-05-01-preview
    2018-07-01-preview 2018-07-01 2018-09-01-preview 2019-08-01-preview 2020-03-01-preview 2020-04-01-preview 2020-08-01-preview 2020-10-01-preview 2020-10-01
    2021-01-01-preview 2021-03-01-preview 2021-07-01-preview 2021-11-16-preview 2021-12-01-preview 2022-04-01-preview 2022-04-01
    2022-05-01-preview 2022-08-01-preview 2024-02-01-preview 2024-07-01-preview 2024-09-01-preview 2025-12-01-preview`,
  'Microsoft.Authorization/locks': '2015-01-01 2016-09-01 2017-04-01 2020-05-01',
  'Microsoft.Authorization/policy': `2015-10-01-preview 2015-11-01 2016-04-01 2016-12-01 2017-06-01-preview 2018-03-01 2018-05-01 2019-01-01
    2019-06-01 2019-09-01 2020-03-01 2020-08-01 2020-09-01 2021-06-01 2022-06-01 2022-07-01-preview 2022-08-01-preview 2023-04-01 2024-04-01
    2024-05-01 2025-01-01 2025-03-01 2025-11-01 2026-01-01-preview`,
  'Microsoft.Compute': `2015-05-01-preview 2015-06-15 2016-03-30 2016-04-30-preview 2016-08-30 2017-03-30 2017-12-01 2018-04-01 2018-06-01 2018-10-01
    2019-03-01 2019-07-01 2019-12-01 2020-06-01 2020-12-01 2021-03-01 2021-04-01 2021-07-01 2021-11-01 2022-03-01 2022-08-01 2022-11-01
    2023-03-01 2023-07-01 2023-09-01 2024-03-01 2024-07-01 2024-11-01 2025-04-01 2025-11-01 2026-03-01 2026-04-01`,
  'Microsoft.Compute/disk': disks,
  'Microsoft.Compute/galleries': `2018-06-01 2019-03-01 2019-07-01 2019-12-01 2020-09-30 2021-07-01 2021-10-01 2022-01-03 2022-03-03 2022-08-03
    2023-07-03 2024-03-03 2025-03-03 2026-03-03`,
  'Microsoft.Compute/snapshots': disks,
  'Microsoft.Compute/skus': '2017-03-30 2017-09-01 2019-04-01 2021-07-01 2025-12-03',
  'Microsoft.ContainerRegistry': `2016-06-27-preview 2017-03-01 2017-06-01-preview 2017-10-01 2018-02-01-preview 2018-09-01 2019-04-01
    2019-05-01-preview 2019-05-01 2019-06-01-preview 2019-12-01-preview 2020-11-01-preview 2021-06-01-preview 2021-08-01-preview 2021-09-01
    2021-12-01-preview 2022-02-01-preview 2022-12-01 2023-01-01-preview 2023-06-01-preview 2023-07-01 2023-08-01-preview 2023-11-01-preview
    2024-11-01-preview 2025-03-01-preview 2025-04-01 2025-05-01-preview 2025-06-01-preview 2025-11-01 2026-01-01-preview 2026-09-01-preview`,
  'Microsoft.Insights': `2014-04-01 2015-04-01 2016-03-01 2016-09-01 2017-05-01-preview 2017-12-01-preview 2018-01-01 2018-03-01 2019-03-01
    2020-10-01 2020-11-20 2021-03-08 2021-05-01-preview 2021-08-01 2021-09-01 2021-10-14 2022-04-01 2022-06-01 2022-06-15 2022-10-01
    2023-01-01 2023-03-11 2023-06-01 2023-10-01 2023-12-01 2024-02-01 2024-03-11`,
  'Microsoft.Insights/components':
    '2014-04-01 2014-08-01 2014-12-01-preview 2015-05-01 2018-05-01-preview 2020-02-02-preview 2020-02-02',
  'Microsoft.Insights/activityLogAlerts': '2017-03-01-preview 2017-04-01 2020-10-01 2023-01-01-preview',
  'Microsoft.Insights/dataCollection':
    '2019-11-01-preview 2021-04-01 2021-09-01-preview 2022-06-01 2023-03-11 2024-03-11',
  'Microsoft.Insights/privateLinkScopes': '2019-10-17-preview 2021-07-01-preview 2021-09-01 2023-06-01-preview',
  'Microsoft.Insights/scheduledQueryRules': `2018-04-16 2020-05-01-preview 2021-02-01-preview 2021-08-01 2022-06-15 2022-08-01-preview
    2023-03-15-preview 2023-12-01 2024-01-01-preview 2025-01-01-preview`,
  'Microsoft.Insights/webtests': '2015-05-01 2018-05-01-preview 2020-10-05-preview 2022-06-15',
  'Microsoft.Insights/workbooks':
    '2015-05-01 2018-06-17-preview 2020-10-20 2021-03-08 2021-08-01 2022-04-01 2023-06-01',
  'Microsoft.KeyVault': `2015-06-01 2015-11-01 2016-10-01 2018-02-14-preview 2018-02-14 2019-09-01 2020-04-01-preview 2021-04-01-preview
    2021-06-01-preview 2021-10-01 2021-11-01-preview 2022-02-01-preview 2022-07-01 2022-11-01 2023-02-01 2023-07-01 2024-04-01-preview
    2024-11-01 2024-12-01-preview 2025-05-01 2026-02-01 2026-03-01-preview 2026-05-15 2026-06-01-preview`,
  'Microsoft.MachineLearningServices': `2018-03-01-preview 2018-11-19 2019-05-01 2019-06-01 2019-11-01 2020-01-01 2020-02-18-preview 2020-03-01
    2020-04-01-preview 2020-04-01 2020-05-01-preview 2020-05-15-preview 2020-06-01 2020-08-01 2020-09-01-preview 2021-01-01
    2021-03-01-preview 2021-04-01 2021-07-01 2021-10-01 2022-01-01-preview 2022-02-01-preview 2022-05-01 2022-06-01-preview
    2022-10-01-preview 2022-10-01 2022-12-01-preview 2023-02-01-preview 2023-04-01-preview 2023-04-01 2023-06-01-preview 2023-08-01-preview
    2023-10-01 2024-01-01-preview 2024-04-01-preview 2024-04-01 2024-07-01-preview 2024-10-01-preview 2024-10-01 2025-01-01-preview
    2025-04-01-preview 2025-04-01 2025-06-01 2025-07-01-preview 2025-09-01 2025-10-01-preview 2025-12-01 2026-01-15-preview 2026-03-01
    2026-03-15-preview 2026-05-01`,
  'Microsoft.ManagedIdentity': `2015-08-31-preview 2018-11-30 2021-09-30-preview 2022-01-31-preview 2023-01-31 2023-07-31-preview 2024-11-30
    2025-01-31-preview 2025-05-31-preview`,
  'Microsoft.Network': `2015-05-01-preview 2015-06-15 2016-03-30 2016-06-01 2016-07-01 2016-08-01 2016-09-01 2016-10-01 2016-11-01 2016-12-01
    2017-03-01 2017-03-30 2017-04-01 2017-06-01 2017-08-01 2017-09-01 2017-10-01 2017-11-01 2018-01-01 2018-02-01 2018-03-01 2018-04-01
    2018-05-01 2018-06-01 2018-07-01 2018-08-01 2018-10-01 2018-11-01 2018-12-01 2019-02-01 2019-04-01 2019-06-01 2019-07-01 2019-08-01
    2019-09-01 2019-11-01 2019-12-01 2020-01-01 2020-03-01 2020-04-01 2020-05-01 2020-06-01 2020-07-01 2020-08-01 2020-11-01 2021-01-01
    2021-02-01 2021-03-01 2021-04-01 2021-05-01 2021-06-01 2021-08-01 2021-12-01 2022-01-01 2022-05-01 2022-07-01 2022-09-01 2022-11-01
    2023-02-01 2023-04-01 2023-05-01 2023-06-01 2023-09-01 2023-11-01 2024-01-01 2024-03-01 2024-05-01 2024-07-01 2024-10-01 2025-01-01
    2025-03-01 2025-05-01 2025-07-01 2025-09-01 2026-01-01 2026-03-01`,
  'Microsoft.Network/dnsForwardingRulesets': '2020-04-01-preview 2022-07-01 2023-07-01-preview 2025-05-01',
  'Microsoft.Network/dnsResolvers': '2020-04-01-preview 2022-07-01 2023-07-01-preview 2025-05-01',
  'Microsoft.Network/dnsZones':
    '2015-05-04-preview 2016-04-01 2017-09-01 2017-10-01 2018-03-01-preview 2018-05-01 2023-07-01-preview',
  'Microsoft.Network/privateDnsZones': '2018-09-01 2020-01-01 2020-06-01 2024-06-01',
  'Microsoft.OperationalInsights': `2015-03-20 2015-11-01-preview 2017-01-01-preview 2017-03-15-preview 2017-04-26-preview 2019-08-01-preview
    2019-09-01-preview 2019-09-01 2020-03-01-preview 2020-08-01 2020-10-01 2021-06-01 2021-12-01-preview 2022-10-01 2023-09-01 2025-02-01
    2025-07-01 2026-03-01`,
  'Microsoft.PolicyInsights': '2019-10-01 2020-07-01-preview 2020-07-01 2021-10-01 2022-03-01 2023-03-01 2024-10-01',
  'Microsoft.Resources': `2014-04-01 2015-01-01 2015-11-01 2016-02-01 2016-06-01 2016-07-01 2016-09-01 2017-05-10 2018-01-01 2018-02-01
    2018-05-01 2018-06-01 2019-03-01 2019-05-01 2019-05-10 2019-06-01 2019-07-01 2019-08-01 2019-10-01 2019-11-01 2020-01-01 2020-05-01
    2020-06-01 2020-07-01 2020-08-01 2020-09-01 2020-10-01 2021-01-01 2021-04-01 2021-07-01 2022-01-01 2022-05-01 2022-06-01 2022-09-01
    2022-12-01 2023-07-01 2024-03-01 2024-07-01 2024-08-01 2024-11-01 2025-03-01 2025-04-01`,
  'Microsoft.Resources/deploymentScripts': '2019-10-01-preview 2020-10-01 2023-08-01',
  'Microsoft.Resources/deploymentStacks': '2022-08-01-preview 2024-03-01 2025-07-01',
  'Microsoft.Resources/templateSpecs': '2019-06-01-preview 2021-03-01-preview 2021-05-01 2022-02-01',
  'Microsoft.Resources/deployments': `2015-01-01 2015-11-01 2016-02-01 2016-06-01 2016-07-01 2016-09-01 2017-05-10 2018-02-01 2018-05-01 2019-03-01
    2019-05-01 2019-05-10 2019-07-01 2019-08-01 2019-10-01 2020-06-01 2020-08-01 2020-10-01 2021-01-01 2021-04-01 2022-05-01 2022-06-01
    2022-09-01 2023-07-01 2024-03-01 2024-07-01 2024-11-01 2025-03-01 2025-04-01 2026-06-01`,
  'Microsoft.Storage': `2015-05-01-preview 2015-06-15 2016-01-01 2016-05-01 2016-12-01 2017-06-01 2017-10-01 2018-02-01 2018-03-01-preview
    2018-07-01 2018-11-01 2019-04-01 2019-06-01 2020-08-01-preview 2021-01-01 2021-02-01 2021-04-01 2021-05-01 2021-06-01 2021-08-01
    2021-09-01 2022-05-01 2022-09-01 2023-01-01 2023-04-01 2023-05-01 2024-01-01 2025-01-01 2025-06-01 2025-08-01 2026-04-01 2026-06-01
    2026-09-01`,
};

/** The first version of types that came later than their namespace. */
const firstVersions: Readonly<Record<string, string>> = {
  'Microsoft.Compute/virtualMachines/runCommands': '2020-06-01',
  'Microsoft.KeyVault/vaults/privateEndpointConnections': '2018-02-14-preview',
  'Microsoft.MachineLearningServices/workspaces/codes': '2021-03-01-preview',
  'Microsoft.MachineLearningServices/workspaces/environments': '2021-03-01-preview',
  'Microsoft.MachineLearningServices/workspaces/models': '2021-03-01-preview',
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints': '2021-03-01-preview',
  'Microsoft.MachineLearningServices/workspaces/outboundRules': '2023-04-01-preview',
  'Microsoft.Network/natGateways': '2019-02-01',
  'Microsoft.Network/privateEndpoints': '2018-08-01',
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': '2020-03-01',
};

/** Newest first; a preview follows the release of the same day. */
function newestFirst(a: string, b: string): number {
  const [dayA, dayB] = [a.slice(0, 10), b.slice(0, 10)];
  if (dayA !== dayB) return dayA < dayB ? 1 : -1;
  return a.length - b.length;
}

const entries = Object.entries(lists).map(([prefix, text]) => ({
  prefix: prefix.toLowerCase(),
  versions: text.split(/\s+/).toSorted(newestFirst),
}));

const known = new Map<string, readonly string[]>();

/** The published versions of a type, newest first; of a namespace those of all its types; none for what is not known. */
export function publishedVersions(type: string): readonly string[] {
  const key = type.toLowerCase();
  const kept = known.get(key);
  if (kept) return kept;
  const found = key.includes('/') ? versionsOfType(key) : versionsOfNamespace(key);
  if (known.size < 1000) known.set(key, found);
  return found;
}

/** The list of the longest prefix, from the type's first version on. */
function versionsOfType(key: string): readonly string[] {
  const [namespace = ''] = key.split('/');
  const own = entries.filter(({ prefix }) => prefix !== namespace && key.startsWith(prefix));
  const longest = own.toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
  const { versions = [] } = longest ?? entries.find(({ prefix }) => prefix === namespace) ?? {};
  const firsts = Object.entries(firstVersions).filter(([name]) => `${key}/`.startsWith(`${name.toLowerCase()}/`));
  const first =
    firsts
      .map(([, version]) => version)
      .toSorted()
      .at(-1) ?? '';
  return versions.filter((version) => version >= first);
}

function versionsOfNamespace(key: string): readonly string[] {
  const all = entries.filter(({ prefix }) => prefix.split('/')[0] === key).flatMap(({ versions }) => versions);
  return [...new Set(all)].toSorted(newestFirst);
}
