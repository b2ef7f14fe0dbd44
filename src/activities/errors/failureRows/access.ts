import { grantContributor, postWith, retryByPost } from '../../../domain/remedies.ts';
import { row, textRow } from './row.ts';
import type { FailureRow } from './row.ts';

const exempt =
  'az policy exemption create --name moat --policy-assignment <assignment> --exemption-category Waiver --scope <scope>';

/** Locks, policies, missing permissions and refused sign-ins. */
export const accessRows: readonly FailureRow[] = [
  row(
    'ScopeLocked',
    'Blocked',
    'giveUp',
    'az lock list --resource-group <group> --output table lists the locks; az lock delete --ids <lock> deletes one',
  ),
  // Azure/Azure-Landing-Zones#1711: zones are kept centrally
  row(
    'RequestDisallowedByPolicy',
    'PolicyDenied',
    'giveUp',
    `policy assignment <assignment> denies Microsoft.Network/privateDnsZones, which Moat creates for itself in each environment: exempt the group (${exempt}), then ${retryByPost}; or set AZURE_SUBSCRIPTION_ID to a subscription outside the landing zone`,
    { on: /\/privateDnsZones$/i },
  ),
  row(
    'RequestDisallowedByPolicy',
    'PolicyDenied',
    'giveUp',
    `policy assignment <assignment> denies <field> of <id>: its owner must allow that, or exempt the group: ${exempt}; then ${retryByPost}`,
  ),
  // Azure's own policy: the location is closed to new customers
  row('RequestDisallowedByAzure', 'PolicyDenied', 'giveUp', postWith('"location"')),
  // a policy with the effect modify changed the account after its PUT: microsoft/Conversation-Knowledge-Mining-Solution-Accelerator#631
  textRow(
    /KeyBasedAuthenticationNotPermitted|key based authentication is not permitted/i,
    'PolicyDenied',
    'giveUp',
    `az resource show --resource-group <group> --name <workspace> --resource-type Microsoft.MachineLearningServices/workspaces --api-version 2025-12-01 --query properties.systemDatastoresAuthMode must show Identity; where it does not, the workspace uses account keys: DELETE the environment, then POST it again`,
  ),
  // Azure/azure-cli-extensions#6294
  textRow(
    /private link configuration|outside of the designated private link/i,
    'Forbidden',
    'giveUp',
    'DELETE the environment, then POST it with "workspacePublicNetworkAccess": "enabled"',
  ),
  row(
    'AuthorizationFailed LinkedAuthorizationFailed',
    'Forbidden',
    'giveUp',
    `az role assignment create --assignee <principal> --role "User Access Administrator" --scope /subscriptions/<subscription>, which <action> needs; then ${retryByPost}`,
    { text: /perform action '?Microsoft\.Authorization\//i },
  ),
  row('AuthorizationFailed LinkedAuthorizationFailed', 'Forbidden', 'giveUp', grantContributor),
  row(
    'InvalidAuthenticationTokenTenant InvalidAuthenticationToken ExpiredAuthenticationToken AuthenticationFailed',
    'Forbidden',
    'giveUp',
    'az login --tenant <tenant>, then restart the service',
  ),
  row(
    'SubscriptionNotFound',
    'Forbidden',
    'giveUp',
    'set AZURE_SUBSCRIPTION_ID to one of the subscriptions that az account list --output table shows',
  ),
  row(
    'ReadOnlyDisabledSubscription',
    'Forbidden',
    'giveUp',
    `re-enable subscription <subscription> (Azure portal, Subscriptions: az account show --subscription <subscription> --query state must be Enabled), then ${retryByPost}; or set AZURE_SUBSCRIPTION_ID to another one`,
  ),
];
