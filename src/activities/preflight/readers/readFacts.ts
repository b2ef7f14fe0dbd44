import type { ActivityDeps } from '../../deps.ts';
import type { EnvironmentFacts, Facts, ObservedFacts } from '../facts.ts';
import { plannedContents } from './plannedContents.ts';
import type { PlanContext, PlannedContent } from './plannedContents.ts';
import { refusalOf } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';
import { readers } from './readers.ts';

async function readSubscription({ azure }: ActivityDeps, { ref }: EnvironmentFacts): Promise<Facts['subscription']> {
  const read = await azure.generic.send('GET', `/subscriptions/${ref.subscriptionId}`, '2022-12-01');
  return read as Facts['subscription'];
}

/** Reads all facts side by side. What Azure refuses is part of the result; throttling and transient failures are thrown, for Temporal to retry. */
export async function readFacts(deps: ActivityDeps, environment: EnvironmentFacts): Promise<ObservedFacts> {
  let subscription: Promise<Facts['subscription']> | undefined;
  let contents: Promise<PlannedContent[]> | undefined;
  const planContext: PlanContext = {
    ...deps,
    ...environment,
    subscription: () => (subscription ??= readSubscription(deps, environment)),
  };
  const context: PreflightContext = {
    ...planContext,
    plannedContents: () => (contents ??= plannedContents(planContext)),
  };
  const read = await Promise.all(
    Object.entries(readers).map(async ([name, { subject, read }]) => {
      try {
        return [name, { value: await read(context) }];
      } catch (error) {
        return [name, { subject, refusal: refusalOf(deps, error) }];
      }
    }),
  );
  return {
    ...(Object.fromEntries(read) as ObservedFacts),
    environment: { value: environment },
    // last: it uses the time of ARM's last answer
    clockSkewMs: { value: deps.azure.clockSkewMs() ?? 0 },
  };
}
