import { createHash } from 'node:crypto';
import type { EnvironmentState } from '../src/domain/environment.ts';
import { buildInternetRule, plannedResources, rowsOfType } from '../src/domain/resources.ts';
import { stepIds } from '../src/domain/steps.ts';
import type { StepId } from '../src/domain/steps.ts';
import { seeded } from './random.ts';
import type { Random } from './random.ts';
import { planVariant } from './variants.ts';
import type { BroughtSet, Variant } from './variants.ts';

/** What a user does with one environment: relative frequency, expected final state, and final state when the action came too late. */
export const scenarios = {
  provision: { weight: 38, finalState: 'ready', stateIfMissed: 'ready' },
  score: { weight: 15, finalState: 'ready', stateIfMissed: 'ready' },
  cancel: { weight: 6, finalState: 'cancelled', stateIfMissed: 'ready' },
  cancelAndResume: { weight: 11, finalState: 'ready', stateIfMissed: 'ready' },
  cancelWithTeardown: { weight: 9, finalState: 'deleted', stateIfMissed: 'ready' },
  deleteDuringRun: { weight: 10, finalState: 'deleted', stateIfMissed: 'deleted' },
  failAndResume: { weight: 6, finalState: 'ready', stateIfMissed: 'ready' },
  failWithTeardown: { weight: 5, finalState: 'deleted', stateIfMissed: 'ready' },
} as const satisfies Record<string, { weight: number; finalState: EnvironmentState; stateIfMissed: EnvironmentState }>;

export type ScenarioName = keyof typeof scenarios;

/** When a scenario acts on a run: a delay after the start or end of a step. */
interface ActionTime extends StepEdge {
  /** milliseconds */
  afterMs: number;
}

export interface PlannedScenario {
  name: string;
  location: string;
  model: 'custom' | 'mlflow';
  scenario: ScenarioName;
  actAt: ActionTime;
  /** in scenarios that fail: the resource type whose first PUT is refused */
  refusedType: string;
  /** absent: the article's example */
  variant?: Variant;
  /** what of its team's resources the environment uses */
  brought: BroughtSet;
  /** number of its team: two environments that use one resource and one zone at once would refuse each other */
  team: number;
}

export const processNames = ['worker', 'worker2', 'api', 'emulator', 'temporal'] as const;
export type ProcessName = (typeof processNames)[number];

/** Start or end of a step. */
export interface StepEdge {
  step: StepId;
  edge: (typeof edges)[number];
}
const edges = ['start', 'end'] as const;
export const stepEdges: readonly StepEdge[] = stepIds.flatMap((step) => edges.map((edge) => ({ step, edge })));

/** A write held before it is executed, or executed without an answer. */
export interface WriteSide {
  method: 'PUT' | 'DELETE';
  type: string;
  side: (typeof sides)[number];
}
const sides = ['before', 'after'] as const;

const sampleRef = { subscriptionId: '', name: 'any', location: '', suffix: 'any' };
const workspaceType = 'Microsoft.MachineLearningServices/workspaces';
/** Types that are created and deleted, but are not listed among the planned resources. */
const unplannedTypes = [
  'Microsoft.Resources/resourceGroups',
  buildInternetRule(sampleRef).type,
  'Microsoft.Compute/virtualMachines/runCommands',
  'Microsoft.Authorization/roleDefinitions',
  'Microsoft.Authorization/roleAssignments',
];
const createdTypes = new Set([
  ...plannedResources(sampleRef).map(({ type }) => type),
  ...unplannedTypes,
  ...['codes', 'models', 'environments'].map((asset) => `${workspaceType}/${asset}/versions`),
]);
const isDeleted = (type: string): boolean =>
  unplannedTypes.includes(type) || rowsOfType(type).some(([, { phase }]) => phase !== undefined);

/** Both sides of every kind of write that Moat sends. */
export const writeSides: readonly WriteSide[] = [...createdTypes].flatMap((type) =>
  (isDeleted(type) ? (['PUT', 'DELETE'] as const) : (['PUT'] as const)).flatMap((method) =>
    sides.map((side) => ({ method, type, side })),
  ),
);

/** One kill -9: its processes, its trigger and the downtime in milliseconds. */
export interface PlannedKill {
  processes: ProcessName[];
  when: { kind: 'time'; ms: number } | ({ kind: 'step' } & StepEdge) | ({ kind: 'write' } & WriteSide);
  downtimeMs: number;
  /** milliseconds until the next kill is prepared */
  pauseMs: number;
}

/** Locations of the environments, in turn. */
export const locations = [
  'westus2',
  'eastus',
  'eastus2',
  'westeurope',
  'northeurope',
  'swedencentral',
  'uksouth',
  'japaneast',
];

/** More than there are concurrent scenarios. */
export const teamCount = 3 * locations.length;

/** Every tenth environment is kept until the end, so that there are environments that nothing may touch. */
const isKept = (index: number): boolean => index % 10 === 9;

const refusableTypes = [
  'Microsoft.Network/virtualNetworks',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.ContainerRegistry/registries',
  'Microsoft.MachineLearningServices/workspaces',
  'Microsoft.Compute/virtualMachines',
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
];

function planScenario(random: Random, index: number, { scenario, variants }: ScenarioOptions): PlannedScenario {
  const weights = Object.fromEntries(Object.entries(scenarios).map(([key, { weight }]) => [key, weight]));
  return {
    name: `chaos-${String(index + 1).padStart(4, '0')}`,
    location: locations[index % locations.length]!,
    model: random.weighted({ custom: 3, mlflow: 1 }),
    scenario: scenario ?? random.weighted(weights as Record<ScenarioName, number>),
    actAt: { step: random.pick(stepIds), edge: random.pick(edges), afterMs: random.between(0, 400) },
    refusedType: random.pick(refusableTypes),
    brought: 'none',
    team: index % teamCount,
    ...(variants && planVariant(random, isKept(index))),
  };
}

/** Every second kill is triggered by a write, every fourth by a step's start or end, the others by time. Writes and steps take turns in seeded order. */
function killTriggerOf(n: number, order: { writes: readonly WriteSide[]; steps: readonly StepEdge[] }, random: Random) {
  const { writes, steps } = order;
  if (n % 2 === 0) return { kind: 'write', ...writes[(n / 2) % writes.length]! } as const;
  if (n % 4 === 1) return { kind: 'step', ...steps[((n - 1) / 4) % steps.length]! } as const;
  return { kind: 'time', ms: random.between(200, 4000) } as const;
}

/** A kill around a write includes either both workers, which may send it, or the emulator, which executes it. */
function targetsOfWrite(processes: readonly ProcessName[], random: Random): readonly ProcessName[] {
  const senders = ['worker', 'worker2'] as const;
  const isAffected = processes.includes('emulator') || senders.every((worker) => processes.includes(worker));
  const added = random.pick<readonly ProcessName[]>([['emulator'], senders]);
  return isAffected ? processes : [...processes, ...added];
}

function planKill(when: PlannedKill['when'], random: Random): PlannedKill {
  const first = random.weighted({ worker: 6, worker2: 6, api: 3, emulator: 5, temporal: 3 });
  const extra = random.weighted({ none: 5, workers: 2, emulator: 1, temporal: 1 });
  const others: Record<typeof extra, ProcessName[]> = {
    none: [],
    workers: ['worker', 'worker2'],
    emulator: ['emulator'],
    temporal: ['temporal'],
  };
  const chosen = [first, ...others[extra]];
  return {
    processes: [...new Set(when.kind === 'write' ? targetsOfWrite(chosen, random) : chosen)],
    when,
    downtimeMs: random.between(0, 2500),
    pauseMs: random.between(2000, 10_000),
  };
}

export interface Plan {
  runs: PlannedScenario[];
  /** the n-th kill */
  kill(n: number): PlannedKill;
  /** of the runs and the first 100 kills: equal for equal seeds */
  hash: string;
}

interface ScenarioOptions {
  /** of every run; absent: several */
  scenario?: ScenarioName;
  /** the runs have variants of the article's example, and use existing resources */
  variants?: boolean;
}

/** Derives runs and kills from the seed. */
export function plan({ runs: count, seed, ...options }: { runs: number; seed: number } & ScenarioOptions): Plan {
  const random = seeded(seed);
  const runs = Array.from({ length: count }, (_, index) => planScenario(random, index, options));
  const order = { writes: random.shuffled(writeSides), steps: random.shuffled(stepEdges) };
  function kill(n: number): PlannedKill {
    const own = seeded(seed * 7919 + n);
    return planKill(killTriggerOf(n, order, own), own);
  }
  const decided = JSON.stringify([runs, Array.from({ length: 100 }, (_, n) => kill(n))]);
  return { runs, kill, hash: createHash('sha256').update(decided).digest('hex').slice(0, 12) };
}
