import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { Finding } from '../../domain/preflight.ts';
import { classify } from '../errors/classify.ts';
import type { ActivityDeps } from '../withHeartbeat.ts';

/** What the checks know before they look. */
export interface PreflightContext extends ActivityDeps {
  site: EnvironmentRef;
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

/** Whether the group already has a resource of this id. */
export const existsAlready = ({ inventory }: PreflightContext, id: string): boolean =>
  inventory.some((one) => one.toLowerCase() === id.toLowerCase());

/**
 * Runs one check. What it may not read becomes an `unknown` finding, for the run can still succeed (DEL-6); throttling and
 * Azure's own trouble are thrown, so that the whole activity is tried again.
 */
export async function runCheck(
  { azure }: ActivityDeps,
  rule: string,
  what: string,
  check: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const read = azure.errorOf(error);
    const { type, remedy } = classify(read);
    if (type === 'Throttled' || type === 'Busy' || type === 'Transient') throw error;
    if (read.status === 0) throw error;
    return [finding(rule, 'unknown', `${what} could not be checked: ${read.code}: ${read.message}`, remedy)];
  }
}
