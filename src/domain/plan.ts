import { adoptedRef } from './adoption.ts';
import type { Adoption, MemberDifference, OtherResource } from './adoption.ts';
import { isBrought } from './broughtResources.ts';
import { costOf, networkCosts, totalCost } from './cost.ts';
import type { Cost, ResourceCost } from './cost.ts';
import type { HourlyCost } from './hourlyCost.ts';
import type { ExistingIds } from './existingResources.ts';
import type { SecondsRange } from './durations.ts';
import type { Spec } from './environment.ts';
import type { EnvironmentRef } from './naming.ts';
import { byMethod, methods } from './methodComparison.ts';
import type { MethodFigures, MethodSeconds } from './methodComparison.ts';
import { managedNetworkId, managedNetworkType } from './managedNetwork.ts';
import { blocking } from './preflightReport.ts';
import type { Finding } from './preflightReport.ts';
import { plannedResource, plannedResources, resourcesOf } from './resources.ts';
import type { CatalogueResource } from './resources.ts';
import { steps } from './steps.ts';
import type { StepId } from './steps.ts';

/**
 * `adopt`: it exists as requested; `change`: it exists otherwise, and is written or recreated; `create`: it does not exist; `use`: an existing
 * resource that the spec names, which is never written and never deleted.
 */
type ResourceAction = 'create' | 'adopt' | 'change' | 'use';

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
  /** of an adopted resource: what the run changes */
  differences?: MemberDifference[];
  cost: ResourceCost;
}

/** What the plan of an adoption shows beside the environment's resources. */
export interface PlannedAdoption {
  /** to POST the environment with, as `adoptionDigest` */
  digest: string;
  /** resources of the group that Moat would not create */
  others: OtherResource[];
  /** number of others that are not in the list */
  moreOthers: number;
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
  /** of a group that is not sealed yet, with a spec that adopts it */
  adoption?: PlannedAdoption;
  /** of a new environment of the same spec, with each method of isolation; empty where an environment is adopted */
  methods: MethodFigures[];
}

/** What the worker found out for a plan. */
export interface PlanFacts {
  findings: Finding[];
  /** by the key of each resource that exists in the sealed group */
  existing: Record<string, 'adopt' | 'change'>;
  /** by estimates, without what exists already */
  seconds: SecondsRange;
  /** of an adopted environment's resources whose names do not follow from its suffix */
  ids?: ExistingIds;
  /** of a group that the spec adopts, as long as it is not sealed */
  adoption?: Adoption;
  /** by estimates, of a new environment; absent: nothing is compared */
  methods?: MethodSeconds;
}

/** Resources with a row of the catalogue that a plan shows: those that the sequence creates, and the disk, which costs money. */
const shownResources = (ref: EnvironmentRef): CatalogueResource[] => [
  ...plannedResources(ref),
  ...resourcesOf(ref, 'disk'),
];

/** What an environment of this spec costs by the hour when it is complete. */
export function hourlyCostOf(ref: EnvironmentRef, spec: Spec): HourlyCost {
  const own = shownResources(ref).filter((resource) => !isBrought(ref, resource));
  const costs = [...own.map(({ row }) => costOf(row, spec)), ...networkCosts(spec).map(({ cost }) => cost)];
  const { perHour, currency, priceList } = totalCost(costs);
  return { amount: perHour, currency, priceListDate: priceList.date };
}

function methodFigures(ref: EnvironmentRef, spec: Spec, seconds: MethodSeconds | undefined): MethodFigures[] {
  if (!seconds) return [];
  const costs = byMethod(spec, (one) => hourlyCostOf(ref, one).amount);
  return methods.map((isolation) => {
    const { min, max } = seconds[isolation];
    return { isolation, perHour: costs[isolation], minSeconds: min, maxSeconds: max };
  });
}

const ownersCost: ResourceCost = { perHour: 0, sku: null, meter: null, reason: 'an existing resource: its owner pays' };

/** What a run does about the managed network, which Azure bills beside the workspace. It exists with the workspace. */
function networkActions(ref: EnvironmentRef, spec: Spec, existing: PlanFacts['existing']): PlannedAction[] {
  const { id, name, key } = plannedResource(ref, 'workspace');
  const action = existing[key] === undefined ? 'create' : 'change';
  const network = { id: managedNetworkId(id), name: `${name}/default`, type: managedNetworkType };
  return networkCosts(spec).map(({ title, cost }) => ({ step: 'endpoint', ...network, title, action, cost }));
}

/** The plan of a spec. `duration`: how long the run usually takes. */
export function planOf(requested: EnvironmentRef, spec: Spec, facts: PlanFacts, duration: UsualDuration): Plan {
  const { findings, existing, adoption } = facts;
  const ref = adoptedRef(requested, facts.ids);
  const resources = shownResources(ref).map((resource): PlannedAction => {
    const { row, key, step, type, title, name, id } = resource;
    const isUsed = isBrought(ref, resource);
    const action = isUsed ? 'use' : (existing[key] ?? 'create');
    const differences = adoption?.differences[key];
    const cost = isUsed ? ownersCost : costOf(row, spec);
    return { step, type, title, name, id, action, ...(differences && { differences }), cost };
  });
  resources.push(...networkActions(ref, spec, existing));
  return {
    ok: blocking(findings).length === 0,
    findings,
    steps: steps.map(({ id, title, needs }) => ({ id, title, needs: [...needs] })),
    resources,
    cost: totalCost(resources.map(({ cost }) => cost)),
    duration,
    ...(adoption && { adoption: shownAdoption(adoption) }),
    methods: methodFigures(ref, spec, facts.methods),
  };
}

const shownAdoption = ({ digest, others, moreOthers }: Adoption): PlannedAdoption => ({ digest, others, moreOthers });
