import type { Difference } from './matchesDesired.ts';

/** Values of a property from the weakest to the strictest; `higher`: the larger number is stricter. */
type Scale = readonly unknown[] | 'higher';

const mustBeOff: Scale = [true, false];
const mustBeOn: Scale = [false, true];
const publicAccess: Scale = ['Enabled', 'Disabled'];
const firewall: Scale = ['Allow', 'Deny'];

/**
 * The properties that Moat sends and that protect data or limit access, by resource type and path; `*` is any item of a list. A policy may change
 * them to a stricter value without breaking Moat. What a stricter value would break is not here, so that any change of it fails the run: the
 * bypass of trusted services (PF-15), key authentication of the endpoint, and the security rules that the scripts need. Values: Azure/bicep-types-az.
 */
const scales: Readonly<Record<string, Readonly<Record<string, Scale>>>> = {
  'Microsoft.Storage/storageAccounts': {
    allowBlobPublicAccess: mustBeOff,
    allowCrossTenantReplication: mustBeOff,
    allowSharedKeyAccess: mustBeOff,
    enableHttpsTrafficOnly: mustBeOn,
    minimumTlsVersion: ['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3'],
    publicNetworkAccess: publicAccess,
    'networkRuleSet.defaultAction': firewall,
  },
  'Microsoft.KeyVault/vaults': {
    'properties.enableRbacAuthorization': mustBeOn,
    'properties.enableSoftDelete': mustBeOn,
    'properties.softDeleteRetentionInDays': 'higher',
    'properties.publicNetworkAccess': publicAccess,
    'properties.networkAcls.defaultAction': firewall,
  },
  'Microsoft.ContainerRegistry/registries': {
    adminUserEnabled: mustBeOff,
    anonymousPullEnabled: mustBeOff,
    publicNetworkAccess: publicAccess,
    'networkRuleSet.defaultAction': firewall,
  },
  'Microsoft.MachineLearningServices/workspaces': {
    'properties.publicNetworkAccess': publicAccess,
    'properties.systemDatastoresAuthMode': ['AccessKey', 'Identity'],
  },
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints': { 'properties.publicNetworkAccess': publicAccess },
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments': {
    'properties.egressPublicNetworkAccess': publicAccess,
  },
  'Microsoft.Insights/components': {
    'properties.publicNetworkAccessForIngestion': publicAccess,
    'properties.publicNetworkAccessForQuery': publicAccess,
  },
  'Microsoft.OperationalInsights/workspaces': { 'properties.retentionInDays': 'higher' },
  'Microsoft.Network/virtualNetworks': { 'subnets.*.defaultOutboundAccess': mustBeOff },
  'Microsoft.Compute/virtualMachines': {
    'osProfile.linuxConfiguration.disablePasswordAuthentication': mustBeOn,
    'osProfile.linuxConfiguration.patchSettings.patchMode': ['ImageDefault', 'AutomaticByPlatform'],
    'securityProfile.uefiSettings.secureBootEnabled': mustBeOn,
    'securityProfile.uefiSettings.vTpmEnabled': mustBeOn,
  },
};

/** Properties that the spec opens. */
const openedBySpec: Readonly<Record<string, readonly string[]>> = {
  'Microsoft.Storage/storageAccounts': ['publicNetworkAccess', 'networkRuleSet.defaultAction'],
  'Microsoft.ContainerRegistry/registries': ['publicNetworkAccess', 'networkRuleSet.defaultAction'],
  'Microsoft.MachineLearningServices/workspaces': ['properties.publicNetworkAccess'],
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints': ['properties.publicNetworkAccess'],
};

/** Whether the spec sets the property: an existing resource that is stricter gets what a later spec requests. */
export const isSetBySpec = (type: string, { path }: Difference): boolean =>
  openedBySpec[type]?.includes(path.join('.')) ?? false;

const fold = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

function scaleOf(type: string, path: readonly string[]): Scale | undefined {
  const matches = (pattern: string): boolean => {
    const segments = pattern.split('.');
    return segments.length === path.length && segments.every((one, i) => one === '*' || one === path[i]);
  };
  return Object.entries(scales[type] ?? {}).find(([pattern]) => matches(pattern))?.[1];
}

/** Whether a property became `stricter` or `weaker` than desired; `other` where neither is known. */
export function compareStrictness(
  type: string,
  { path, desired, actual }: Difference,
): 'stricter' | 'weaker' | 'other' {
  const scale = scaleOf(type, path);
  if (scale === undefined) return 'other';
  const rank = (value: unknown): number => (scale === 'higher' ? Number(value) : scale.map(fold).indexOf(fold(value)));
  const [before, after] = [rank(desired), rank(actual)];
  if (Number.isNaN(after) || (scale !== 'higher' && (before < 0 || after < 0))) return 'other';
  return after > before ? 'stricter' : 'weaker';
}
