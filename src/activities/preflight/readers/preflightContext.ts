import { classify } from '../../errors/classify.ts';
import type { ActivityDeps } from '../../deps.ts';
import type { Refusal } from '../facts.ts';
import type { PlanContext, PlannedContent } from './plannedContents.ts';

/** The inputs of all readers. */
export interface PreflightContext extends PlanContext {
  /** what the run will PUT; built once */
  plannedContents(): Promise<PlannedContent[]>;
}

/** The refusal in an error. Throws the error of throttling, of Azure's transient failures and of no answer, so that Temporal retries the activity. */
export function refusalOf({ azure }: ActivityDeps, error: unknown): Refusal {
  const read = azure.errorOf(error);
  const { status, code, message } = read;
  const { type, remedy } = classify(read);
  if (status === 0 || type === 'Throttled' || type === 'Busy' || type === 'Transient') throw error;
  return { code, message, remedy };
}
