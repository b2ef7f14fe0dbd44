import type { Rule } from './rule.ts';
import { adoptionRules } from './rules/adoptionRules.ts';
import { broughtNetworkRules } from './rules/broughtNetworkRules.ts';
import { broughtPermissions, mayApproveConnections } from './rules/broughtPermissions.ts';
import { broughtRules } from './rules/broughtRules.ts';
import { groupHasSpec, groupIsSealed, noLocks, tagLimit } from './rules/groupRules.ts';
import { jumpboxSizes } from './rules/jumpboxRules.ts';
import { keyReaderRole } from './rules/keyReaderRole.ts';
import { freeEndpointName, globalNames, noDeletedVault, noDeletedWorkspace } from './rules/nameAvailability.ts';
import { namePatterns } from './rules/namePatterns.ts';
import { networkQuota } from './rules/networkQuota.ts';
import { networkRules } from './rules/networkRules.ts';
import { ownWorkspace, ruleForms, ruleTargets } from './rules/outboundRules.ts';
import { permissionRules } from './rules/permissionRules.ts';
import { policies } from './rules/policyRule.ts';
import { offeredApiVersions, offeredTypes, registeredProviders } from './rules/providers.ts';
import { deploymentQuota, offeredInstanceType, supportedInstanceType } from './rules/quotaRules.ts';
import { serviceRules } from './rules/serviceRules.ts';
import { variantRules } from './rules/variantRules.ts';
import { clock, enabledSubscription, noSpendingLimit } from './rules/subscriptionRules.ts';

/** Every rule, in the order of the findings. docs/preflight.md lists them. */
export const ruleCatalogue: readonly Rule[] = [
  groupIsSealed,
  groupHasSpec,
  tagLimit,
  ...adoptionRules,
  namePatterns,
  ...variantRules,
  ruleForms,
  ruleTargets,
  ownWorkspace,
  enabledSubscription,
  noSpendingLimit,
  ...permissionRules,
  keyReaderRole,
  registeredProviders,
  offeredTypes,
  offeredApiVersions,
  noLocks,
  globalNames,
  noDeletedVault,
  offeredInstanceType,
  supportedInstanceType,
  deploymentQuota,
  jumpboxSizes,
  networkQuota,
  ...serviceRules,
  ...networkRules,
  ...broughtRules,
  ...broughtNetworkRules,
  broughtPermissions,
  mayApproveConnections,
  policies,
  noDeletedWorkspace,
  freeEndpointName,
  clock,
];
