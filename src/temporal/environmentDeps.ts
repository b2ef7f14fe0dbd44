import type { Client } from '@temporalio/client';
import type { Target } from '../domain/environment.ts';
import type { Policy } from '../domain/ownerLimits.ts';
import type { Caller } from '../domain/roles.ts';
import type { EnvironmentQuota } from './environmentQuota.ts';
import type { EnvironmentReader } from './environmentReader.ts';

export interface EnvironmentsOptions {
  target: Target;
  /** of new environments */
  subscriptionId: string;
  /** base address of Temporal's web UI; null: no links */
  temporalUi: string | null;
  /** real seconds for one of Azure's; default: 1, as on Azure */
  timeScale?: number;
  /** what owners may have; default: there are no limits */
  policy?: Policy;
}

/** What a caller's requests on environments need. */
export interface EnvironmentDeps extends EnvironmentsOptions {
  client: Client;
  caller: Caller;
  reader: EnvironmentReader;
  quota: EnvironmentQuota;
}
