import type { Client } from '@temporalio/client';
import type { EnvironmentGateway } from '../domain/environmentGateway.ts';
import { busyOwnerEnvironments } from '../domain/priority.ts';
import { claimSuffix, releaseSuffix } from './claimSuffix.ts';
import { provisioningQuery } from './visibility/environmentQuery.ts';

/** Access of environments' workflows to Temporal. */
export const createEnvironmentGateway = (client: Client): EnvironmentGateway => ({
  claimSuffix: (ref) => claimSuffix(client, ref),
  releaseSuffix: (ref) => releaseSuffix(client, ref),
  /** Only the order of waiting tasks depends on it: where visibility does not answer, the owner counts as not busy. */
  isOwnerBusy: (owner, createdAt) =>
    client.workflow.count(provisioningQuery(owner, createdAt)).then(
      ({ count }) => count >= busyOwnerEnvironments,
      () => false,
    ),
});
