import type { NetworkSpec } from '../domain/managedNetwork.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import { plannedResource } from '../domain/resources.ts';
import type { StepId } from '../domain/steps.ts';
import { activityOptions, armOperation } from './armActivities.ts';

/** Brings the workspace's managed network to the rules of the spec, and provisions it. */
export function provisionNetwork(
  { ref, outboundRules = [] }: NetworkSpec & { ref: EnvironmentRef },
  step: StepId,
): Promise<void> {
  const { id, name } = plannedResource(ref, 'workspace');
  const options = activityOptions(step, 'ensure', 'managedNetwork', `managed network of workspace ${name}`);
  return armOperation.provisionNetwork.executeWithOptions(options, [{ ref, id, outboundRules }]);
}
