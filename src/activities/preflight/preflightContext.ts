import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { classify } from '../errors/classify.ts';
import type { ActivityDeps } from '../deps.ts';

/** The inputs of all checks. */
export interface PreflightContext extends ActivityDeps {
  ref: EnvironmentRef;
  spec: Spec;
  specHash: string;
  /** tags of the environment's group, where it exists and is sealed */
  sealed: boolean;
  groupExists: boolean;
  groupTags: Record<string, string>;
  /** ids of the resources in the sealed group */
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

/** What Azure answered to a request that it refused for good. */
export interface Refusal {
  code: string;
  message: string;
  remedy: string;
}

/** The refusal in an error. Throws the error of throttling, of Azure's transient failures and of no answer, so that Temporal retries the activity. */
export function refusalOf({ azure }: ActivityDeps, error: unknown): Refusal {
  const read = azure.errorOf(error);
  const { status, code, message } = read;
  const { type, remedy } = classify(read);
  if (status === 0 || type === 'Throttled' || type === 'Busy' || type === 'Transient') throw error;
  return { code, message, remedy };
}

/** Runs one check. A read that is not permitted becomes an `unknown` finding, because the run can still succeed (DEL-6). */
export async function runCheck(
  deps: ActivityDeps,
  rule: string,
  subject: string,
  check: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    const { code, message, remedy } = refusalOf(deps, error);
    return [finding(rule, 'unknown', `${subject} could not be checked: ${code}: ${message}`, remedy)];
  }
}
