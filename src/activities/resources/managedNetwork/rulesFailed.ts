import type { Azure } from '../../../azure/connectAzure.ts';
import type { ArmRule } from '../../../domain/managedNetwork.ts';
import { retryByPost } from '../../../domain/remedies.ts';
import { resourceName } from '../../../domain/resources.ts';
import { groupName } from '../../../domain/naming.ts';
import type { EnvironmentRef } from '../../../domain/naming.ts';
import { failedInAzure } from '../../errors/activityFailures.ts';

/** A new role assignment takes up to 15 minutes to take effect. */
const authorizationLimit = { attempts: 15, type: 'Forbidden' } as const;

const reasonOf = ({ errorInformation }: ArmRule): string =>
  errorInformation === undefined ? 'without a reason' : JSON.stringify(errorInformation);

const targetOf = ({ destination }: ArmRule): string =>
  typeof destination === 'object' && typeof destination['serviceResourceId'] === 'string'
    ? destination['serviceResourceId']
    : '<id of the target>';

/** The failure for rules that Azure could not put into force: tried again a few times, then final. */
export function rulesFailed(
  azure: Azure,
  { ref }: { ref: EnvironmentRef },
  rules: readonly [name: string, rule: ArmRule][],
): Error {
  const [name, rule] = rules[0]!;
  const message = rules.map(([one, failed]) => `outbound rule ${one} is Failed: ${reasonOf(failed)}`).join('; ');
  const workspace = `--workspace-name ${resourceName(ref, 'workspace')} --resource-group ${groupName(ref)}`;
  if (/authorization|forbidden/i.test(reasonOf(rule))) {
    const principal = `$(az ml workspace show --name ${resourceName(ref, 'workspace')} --resource-group ${groupName(ref)} --query identity.principal_id --output tsv)`;
    const remedy = `az role assignment create --assignee ${principal} --role "Azure AI Enterprise Network Connection Approver" --scope ${targetOf(rule)}; then ${retryByPost}`;
    const described = { type: 'Forbidden', code: 'OutboundRuleFailed', message, remedy } as const;
    return failedInAzure(described, azure.delayMs(60), authorizationLimit);
  }
  const remedy = `az ml workspace outbound-rule show ${workspace} --rule ${name} shows the rule; az ml workspace outbound-rule remove ${workspace} --rule ${name} removes it; then ${retryByPost}`;
  return failedInAzure({ type: 'Unknown', code: 'OutboundRuleFailed', message, remedy }, azure.delayMs(60));
}
