import type { Client } from '@temporalio/client';
import { hasManagedNetwork } from '../domain/managedNetwork.ts';
import { environmentRefOf } from '../domain/naming.ts';
import { limitsOf } from '../domain/ownerLimits.ts';
import type { Policy } from '../domain/ownerLimits.ts';
import { planOf } from '../domain/plan.ts';
import type { Plans } from './contracts.ts';
import { readSuffix } from './claimSuffix.ts';
import { createQuota } from './environmentQuota.ts';
import { createEnvironmentReader } from './environmentReader.ts';
import { readPlanFacts } from './planFacts.ts';
import { mergeFindings, requestFindings } from './requestFindings.ts';
import { specHash } from './specHash.ts';
import { mapUnavailable } from './unavailable.ts';
import { createUsualDurations, scaled } from './usualDurations.ts';

export interface PlansOptions {
  /** of new environments */
  subscriptionId: string;
  /** real seconds for one of Azure's: 1 on Azure, less on an emulator */
  timeScale: number;
  /** what owners may have; default: there are no limits */
  policy?: Policy;
}

/** Plans by the workflow `plan`, because the API has no access to the target cloud. */
export function createPlans(client: Client, { subscriptionId, timeScale, policy }: PlansOptions): Plans {
  const usualDuration = createUsualDurations(client, timeScale);
  const quota = createQuota(client, policy);
  const { namespace } = client.options;
  const reader = createEnvironmentReader(
    client,
    { temporalUi: null, namespace, subscriptionId },
    async (shown) => shown,
  );
  return mapUnavailable<Plans>({
    async plan(spec) {
      const ref = environmentRefOf(subscriptionId, spec);
      const { holder, namesFreedAt } = await readSuffix(client, { subscriptionId, suffix: spec.suffix });
      const allowed = policy ? limitsOf(policy, spec.owner).environments : null;
      const [facts, stored, used] = await Promise.all([
        readPlanFacts(client, { ref, spec, specHash: specHash(spec), namesFreedAt }),
        reader.find(spec.name),
        allowed === null ? 0 : quota.used(spec.owner),
      ]);
      const findings = mergeFindings(requestFindings(spec, stored, holder, { used, allowed }), facts.findings);
      const methods = facts.methods && {
        privateEndpoints: scaled(facts.methods.privateEndpoints, timeScale),
        managedNetwork: scaled(facts.methods.managedNetwork, timeScale),
      };
      const duration = await usualDuration(facts, hasManagedNetwork(spec));
      return planOf(ref, spec, { ...facts, findings, ...(methods && { methods }) }, duration);
    },
  });
}
