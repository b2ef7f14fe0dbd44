import type { Finding } from '../../domain/preflightReport.ts';
import { resourceProviders } from '../../domain/resources.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

/** PF-01: the subscription exists and is enabled. */
export async function checkSubscription({ azure, ref }: PreflightContext): Promise<Finding[]> {
  const path = `/subscriptions/${ref.subscriptionId}`;
  const { state } = (await azure.generic.send('GET', path, '2022-12-01')) as { state?: string };
  if (state === 'Enabled') return [];
  return [
    finding(
      'PF-01',
      'blocks',
      `subscription ${ref.subscriptionId} is ${state ?? 'in an unknown state'}`,
      'set AZURE_SUBSCRIPTION_ID to an enabled subscription',
    ),
  ];
}

const providers = [
  ...resourceProviders,
  'Microsoft.Authorization',
  // An online endpoint needs them, but its error message does not name them (Microsoft Q&A 1983847).
  'Microsoft.PolicyInsights',
  'Microsoft.Cdn',
];

/** PF-02: every required resource provider is registered. */
export async function checkProviders({ azure, ref }: PreflightContext): Promise<Finding[]> {
  const client = azure.clients(ref.subscriptionId).resources.providers;
  const found = await Promise.all(providers.map((namespace) => client.get(namespace)));
  return found.flatMap(({ namespace, registrationState }, i) =>
    registrationState === 'Registered'
      ? []
      : [
          finding(
            'PF-02',
            'blocks',
            `resource provider ${namespace ?? providers[i]} is ${registrationState ?? 'not registered'}`,
            `az provider register --namespace ${namespace ?? providers[i]} --wait`,
          ),
        ],
  );
}

interface Permission {
  actions?: string[];
  notActions?: string[];
}

/** Permissions that a run needs; role assignments need more than Contributor. */
const needed: readonly { rule: string; action: string; role: string; severity?: Finding['severity'] }[] = [
  { rule: 'PF-01', action: 'Microsoft.Resources/subscriptions/resourceGroups/write', role: 'Contributor' },
  { rule: 'PF-01', action: 'Microsoft.Network/virtualNetworks/write', role: 'Contributor' },
  { rule: 'PF-01', action: 'Microsoft.MachineLearningServices/workspaces/write', role: 'Contributor' },
  { rule: 'PF-01', action: 'Microsoft.Compute/virtualMachines/runCommands/write', role: 'Contributor' },
  { rule: 'PF-25', action: 'Microsoft.Authorization/roleAssignments/write', role: 'User Access Administrator' },
  { rule: 'PF-25', action: 'Microsoft.Authorization/roleDefinitions/write', role: 'User Access Administrator' },
  // Without it a run succeeds, but after a teardown the vault's name stays reserved for a week. Key Vault Contributor has it
  // among its notActions (Azure docs: built-in roles, security).
  {
    rule: 'DEL-4',
    action: 'Microsoft.KeyVault/locations/deletedVaults/purge/action',
    role: 'Key Vault Purge Operator',
    severity: 'warns',
  },
];

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 'i').test(action);

const permits = ({ actions = [], notActions = [] }: Permission, action: string): boolean =>
  actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action));

/** PF-01, PF-25: the caller has the permissions that a run needs, role assignments included. */
export async function checkPermissions({ azure, ref }: PreflightContext): Promise<Finding[]> {
  const scope = `/subscriptions/${ref.subscriptionId}`;
  const path = `${scope}/providers/Microsoft.Authorization/permissions`;
  const permissions = (await azure.generic.list(path, '2022-04-01')) as Permission[];
  return needed
    .filter(({ action }) => !permissions.some((one) => permits(one, action)))
    .map(({ rule, action, role, severity = 'blocks' }) =>
      finding(
        rule,
        severity,
        `missing permission: ${action}`,
        `az role assignment create --assignee <principal> --role "${role}" --scope ${scope}`,
      ),
    );
}

const toleratedSkewMs = 60_000;

/** Leases expire by this machine's clock, so it must agree with Azure's. */
export function checkClock({ azure }: PreflightContext): Finding[] {
  const skewMs = azure.clockSkewMs() ?? 0;
  if (Math.abs(skewMs) <= toleratedSkewMs) return [];
  const message = `this machine's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'behind' : 'ahead of'} Azure's`;
  return [finding('CLOCK', 'warns', message, 'synchronise the clock (chrony, timesyncd)')];
}
