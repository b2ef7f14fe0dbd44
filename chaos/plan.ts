import { createHash } from 'node:crypto';
import type { EnvironmentState } from '../src/domain/environment.ts';
import { buildInternetRule, plannedResources, rowsOfType } from '../src/domain/resources.ts';
import { stepIds } from '../src/domain/steps.ts';
import type { StepId } from '../src/domain/steps.ts';
import { seeded } from './random.ts';
import type { Random } from './random.ts';

/** What a user does with one environment, and the state in which it ends by that, or when that was missed. */
export const stories = {
  stand: { weight: 38, ends: 'ready', missed: 'ready' },
  score: { weight: 15, ends: 'ready', missed: 'ready' },
  cancel: { weight: 6, ends: 'cancelled', missed: 'ready' },
  cancelAndResume: { weight: 11, ends: 'ready', missed: 'ready' },
  cancelWithTeardown: { weight: 9, ends: 'deleted', missed: 'ready' },
  deleteInTheMiddle: { weight: 10, ends: 'deleted', missed: 'deleted' },
  failAndResume: { weight: 6, ends: 'ready', missed: 'ready' },
  failWithTeardown: { weight: 5, ends: 'deleted', missed: 'ready' },
} as const satisfies Record<string, { weight: number; ends: EnvironmentState; missed: EnvironmentState }>;

export type Story = keyof typeof stories;

/** When something is done to a run: so long after a step has begun or ended. */
interface Moment extends StepEdge {
  /** milliseconds */
  afterMs: number;
}

export interface PlannedRun {
  name: string;
  location: string;
  model: 'custom' | 'mlflow';
  story: Story;
  moment: Moment;
  /** the type whose first PUT is refused for good, in the stories that fail */
  refusedType: string;
}

export const parts = ['worker', 'worker2', 'api', 'emulator', 'temporal'] as const;
export type Part = (typeof parts)[number];

/** When a step begins or ends. */
export interface StepEdge {
  step: StepId;
  edge: (typeof edges)[number];
}
const edges = ['begins', 'ends'] as const;
export const stepEdges: readonly StepEdge[] = stepIds.flatMap((step) => edges.map((edge) => ({ step, edge })));

/** While a write is on its way (before it is executed), or once it is executed and its answer lost. */
export interface WriteSide {
  method: 'PUT' | 'DELETE';
  type: string;
  side: (typeof sides)[number];
}
const sides = ['before', 'after'] as const;

const anySite = { subscriptionId: '', name: 'any', location: '', suffix: 'any' };
const workspaceType = 'Microsoft.MachineLearningServices/workspaces';
/** What is put and removed by name, though no plan lists it. */
const passing = [
  'Microsoft.Resources/resourceGroups',
  buildInternetRule(anySite).type,
  'Microsoft.Compute/virtualMachines/runCommands',
  'Microsoft.Authorization/roleDefinitions',
  'Microsoft.Authorization/roleAssignments',
];
const put = new Set([
  ...plannedResources(anySite).map(({ type }) => type),
  ...passing,
  ...['codes', 'models', 'environments'].map((asset) => `${workspaceType}/${asset}/versions`),
]);
const isRemoved = (type: string): boolean =>
  passing.includes(type) || rowsOfType(type).some(([, { phase }]) => phase !== undefined);

/** Both sides of every kind of write in an environment's life. */
export const writeSides: readonly WriteSide[] = [...put].flatMap((type) =>
  (isRemoved(type) ? (['PUT', 'DELETE'] as const) : (['PUT'] as const)).flatMap((method) =>
    sides.map((side) => ({ method, type, side })),
  ),
);

/** One kill -9: of which parts, when, and how long they are away. */
export interface PlannedKill {
  parts: Part[];
  when: { kind: 'time'; ms: number } | ({ kind: 'step' } & StepEdge) | ({ kind: 'write' } & WriteSide);
  awayMs: number;
  /** quiet time before the next one */
  quietMs: number;
}

/** Where the runs go, in turn. */
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

const refusable = [
  'Microsoft.Network/virtualNetworks',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.ContainerRegistry/registries',
  'Microsoft.MachineLearningServices/workspaces',
  'Microsoft.Compute/virtualMachines',
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
  'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments',
];

function planRun(random: Random, prefix: string, index: number, story?: Story): PlannedRun {
  const weights = Object.fromEntries(Object.entries(stories).map(([key, { weight }]) => [key, weight]));
  return {
    name: `${prefix}${String(index + 1).padStart(4, '0')}`,
    location: locations[index % locations.length]!,
    model: random.weighted({ custom: 3, mlflow: 1 }),
    story: story ?? random.weighted(weights as Record<Story, number>),
    moment: { step: random.pick(stepIds), edge: random.pick(edges), afterMs: random.between(0, 400) },
    refusedType: random.pick(refusable),
  };
}

/** Every second kill is around a write, every fourth at a step's edge: in the order of the seed, all of them come in turn. */
function whenOf(n: number, order: { writes: readonly WriteSide[]; steps: readonly StepEdge[] }, random: Random) {
  const { writes, steps } = order;
  if (n % 2 === 0) return { kind: 'write', ...writes[(n / 2) % writes.length]! } as const;
  if (n % 4 === 1) return { kind: 'step', ...steps[((n - 1) / 4) % steps.length]! } as const;
  return { kind: 'time', ms: random.between(200, 4000) } as const;
}

/** Around a write dies who may send it, which are both workers, or who executes it: nothing else matters to it. */
function thatWrite(parts: readonly Part[], random: Random): readonly Part[] {
  const senders = ['worker', 'worker2'] as const;
  const matters = parts.includes('emulator') || senders.every((worker) => parts.includes(worker));
  const added = random.pick<readonly Part[]>([['emulator'], senders]);
  return matters ? parts : [...parts, ...added];
}

function planKill(when: PlannedKill['when'], random: Random): PlannedKill {
  const one = random.weighted({ worker: 6, worker2: 6, api: 3, emulator: 5, temporal: 3 });
  const two = random.weighted({ none: 5, workers: 2, emulator: 1, temporal: 1 });
  const others: Record<typeof two, Part[]> = {
    none: [],
    workers: ['worker', 'worker2'],
    emulator: ['emulator'],
    temporal: ['temporal'],
  };
  const struck = [one, ...others[two]];
  return {
    parts: [...new Set(when.kind === 'write' ? thatWrite(struck, random) : struck)],
    when,
    awayMs: random.between(0, 2500),
    quietMs: random.between(2000, 10_000),
  };
}

export interface Plan {
  runs: PlannedRun[];
  /** the n-th kill */
  kill(n: number): PlannedKill;
  /** of everything that was decided beforehand: the same seed, the same hash */
  hash: string;
}

/** Decides everything that is decided beforehand. With `story`, all runs have the same one. */
export function plan({ runs: count, seed, story }: { runs: number; seed: number; story?: Story }): Plan {
  const random = seeded(seed);
  const runs = Array.from({ length: count }, (_, index) => planRun(random, 'chaos-', index, story));
  const order = { writes: random.shuffled(writeSides), steps: random.shuffled(stepEdges) };
  function kill(n: number): PlannedKill {
    const own = seeded(seed * 7919 + n);
    return planKill(whenOf(n, order, own), own);
  }
  const decided = JSON.stringify([runs, Array.from({ length: 100 }, (_, n) => kill(n))]);
  return { runs, kill, hash: createHash('sha256').update(decided).digest('hex').slice(0, 12) };
}
