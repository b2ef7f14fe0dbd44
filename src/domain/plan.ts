import { costOf, networkCosts, totalCost } from './cost.ts';
import type { Cost, ResourceCost } from './cost.ts';
import type { HourlyCost } from './hourlyCost.ts';
import type { SecondsRange } from './durations.ts';
import type { Spec } from './environment.ts';
import type { EnvironmentRef } from './naming.ts';
import { managedNetworkId, managedNetworkType } from './managedNetwork.ts';
import { blocking } from './preflightReport.ts';
import type { Finding } from './preflightReport.ts';
import { plannedResource, plannedResources, resourcesOf } from './resources.ts';
import type { CatalogueResource } from './resources.ts';
import { steps } from './steps.ts';
import type { StepId } from './steps.ts';

/** `adopt`: it exists as requested; `change`: it exists otherwise, and is written or recreated; `create`: it does not exist. */
type ResourceAction = 'create' | 'adopt' | 'change';

/** What a run would do about one resource. */
export interface PlannedAction {
  step: StepId;
  type: string;
  /** for people: `virtual network` */
  title: string;
  /** one segment for each segment of its type */
  name: string;
  id: string;
  action: ResourceAction;
  cost: ResourceCost;
}

/** How long a run usually takes, in seconds. */
export interface UsualDuration {
  minSeconds: number;
  maxSeconds: number;
  /** `history`: by this installation's complete first runs, so that 80 of 100 end in the range; `table`: estimates along the critical path */
  source: 'history' | 'table';
  /** number of runs in `history`, else 0 */
  runs: number;
}

/** What a POST of the same body would do. */
export interface Plan {
  /** nothing blocks */
  ok: boolean;
  findings: Finding[];
  steps: { id: StepId; title: string; needs: StepId[] }[];
  resources: PlannedAction[];
  cost: Cost;
  duration: UsualDuration;
}

/** What the worker found out for a plan. */
export interface PlanFacts {
  findings: Finding[];
  /** by the key of each resource that exists in the sealed group */
  existing: Record<string, Exclude<ResourceAction, 'create'>>;
  /** by estimates, without what exists already */
  seconds: SecondsRange;
}

/** Resources with a row of the catalogue that a plan shows: those that the sequence creates, and the disk, which costs money. */
const shownResources = (ref: EnvironmentRef): CatalogueResource[] => [
  ...plannedResources(ref),
  ...resourcesOf(ref, 'disk'),
];

/** What an environment of this spec costs by the hour when it is complete. */
export function hourlyCostOf(ref: EnvironmentRef, spec: Spec): HourlyCost {
  const costs = shownResources(ref).map(({ row }) => costOf(row, spec));
  const { perHour, currency, priceList } = totalCost([...costs, ...networkCosts(spec).map(({ cost }) => cost)]);
  return { amount: perHour, currency, priceListDate: priceList.date };
}

/** What a run does about the managed network, which Azure bills beside the workspace. It exists with the workspace. */
function networkActions(ref: EnvironmentRef, spec: Spec, existing: PlanFacts['existing']): PlannedAction[] {
  const { id, name, key } = plannedResource(ref, 'workspace');
  const action = existing[key] === undefined ? 'create' : 'change';
  const network = { id: managedNetworkId(id), name: `${name}/default`, type: managedNetworkType };
  return networkCosts(spec).map(({ title, cost }) => ({ step: 'endpoint', ...network, title, action, cost }));
}

/** The plan of a spec. `duration`: how long the run usually takes. */
export function planOf(ref: EnvironmentRef, spec: Spec, facts: PlanFacts, duration: UsualDuration): Plan {
  const { findings, existing } = facts;
  const resources = shownResources(ref).map(({ row, key, step, type, title, name, id }): PlannedAction => {
    const action = existing[key] ?? 'create';
    return { step, type, title, name, id, action, cost: costOf(row, spec) };
  });
  resources.push(...networkActions(ref, spec, existing));
  return {
    ok: blocking(findings).length === 0,
    findings,
    steps: steps.map(({ id, title, needs }) => ({ id, title, needs: [...needs] })),
    resources,
    cost: totalCost(resources.map(({ cost }) => cost)),
    duration,
  };
}
