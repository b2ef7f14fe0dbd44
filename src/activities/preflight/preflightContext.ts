import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { classify } from '../errors/classify.ts';
import type { ActivityDeps } from '../deps.ts';

/** What all checks share. */
export interface PreflightContext extends ActivityDeps {
  ref: EnvironmentRef;
  spec: Spec;
  specHash: string;
  /** tags of the environment's group, when there is one and its seal is ours */
  sealed: boolean;
  groupExists: boolean;
  groupTags: Record<string, string>;
  /** ids of what is in the sealed group */
  inventory: readonly string[];
}

export const finding = (rule: string, severity: Finding['severity'], message: string, remedy = ''): Finding => ({
  rule,
  severity,
  message,
  remedy,
});

/** Whether the group already contains a resource. */
export const existsAlready = ({ inventory }: PreflightContext, id: string): boolean =>
  inventory.some((one) => one.toLowerCase() === id.toLowerCase());

/**
 * Runs one check. A read that is not permitted becomes an `unknown` finding, for the run can still succeed (DEL-6); throttling and
 * Azure's own failures are thrown, so that the whole activity is retried.
 */
export async function runCheck(
  { azure }: ActivityDeps,
  rule: string,
  subject: string,
  check: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const read = azure.errorOf(error);
    const { type, remedy } = classify(read);
    if (type === 'Throttled' || type === 'Busy' || type === 'Transient') throw error;
    if (read.status === 0) throw error;
    return [finding(rule, 'unknown', `${subject} could not be checked: ${read.code}: ${read.message}`, remedy)];
  }
}
