import type { Target } from '../domain/environment.ts';

export interface EnvironmentsOptions {
  target: Target;
  /** of new environments */
  subscriptionId: string;
  /** base address of Temporal's web UI; null: no links */
  temporalUi: string | null;
}
