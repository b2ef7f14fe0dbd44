import type { Spec } from './environment.ts';

/**
 * The ARM id of a role definition, as `az role definition list` returns it: with a subscription, or of the directory. ARM compares ids
 * without case.
 */
export const roleDefinitionIdPattern =
  '^(/[Ss]ubscriptions/[0-9a-fA-F-]{36})?/[Pp]roviders/[Mm]icrosoft\\.[Aa]uthorization/[Rr]ole[Dd]efinitions/[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

/** The id of a role definition in a subscription. A definition belongs to the directory; its GUID is the same in every subscription. */
export const roleDefinitionIn = (subscriptionId: string, idOrGuid: string): string =>
  `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${idOrGuid.split('/').at(-1)}`;

/** What a role permits, as ARM lists it. */
export interface Permission {
  actions?: string[];
  notActions?: string[];
  dataActions?: string[];
  notDataActions?: string[];
  /** of the role assignment; Azure evaluates it only when the permission is used */
  condition?: string | null;
}

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 'i').test(action);

/** Whether a permission has an action that its `notActions` do not take away; `*` stands for any text (Azure docs: role definitions). */
export const permits = ({ actions = [], notActions = [] }: Permission, action: string): boolean =>
  actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action));

const onlineEndpoints = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

/** All that the jumpbox does in the workspace, by the endpoint's mode of authentication (Azure docs: authenticate clients for online endpoints). */
export const scoringActions = {
  key: `${onlineEndpoints}/listKeys/action`,
  amlToken: `${onlineEndpoints}/token/action`,
  aadToken: `${onlineEndpoints}/score/action`,
} as const satisfies Record<Spec['authMode'], string>;

/** The role of the jumpbox that permits it. */
export const scoringRoles = {
  key: 'listKeys',
  amlToken: 'getToken',
  aadToken: 'score',
} as const satisfies Record<Spec['authMode'], string>;
export type ScoringRole = (typeof scoringRoles)[Spec['authMode']];
