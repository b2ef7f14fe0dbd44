import type { ActivityDeps } from '../../deps.ts';
import type { EnvironmentFacts, ObservedFacts } from '../facts.ts';
import { plannedContents } from './plannedContents.ts';
import type { PlannedContent } from './plannedContents.ts';
import { refusalOf } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';
import { readers } from './readers.ts';

/** Reads all facts side by side. What Azure refuses is part of the result; throttling and transient failures are thrown, for Temporal to retry. */
export async function readFacts(deps: ActivityDeps, environment: EnvironmentFacts): Promise<ObservedFacts> {
  let contents: Promise<PlannedContent[]> | undefined;
  const context: PreflightContext = {
    ...deps,
    ...environment,
    plannedContents: () => (contents ??= plannedContents({ ...deps, ...environment })),
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
