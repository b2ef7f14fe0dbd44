import { createHash } from 'node:crypto';
import type { EnvironmentState } from '../src/domain/environment.ts';
import { stepIds } from '../src/domain/steps.ts';
import type { StepId } from '../src/domain/steps.ts';
import { seeded } from './random.ts';
import type { Random } from './random.ts';

/** What a user does with one environment, and the states in which it may end by that. */
export const stories = {
  stand: { weight: 38, ends: ['ready'] },
  score: { weight: 15, ends: ['ready'] },
  cancel: { weight: 6, ends: ['cancelled', 'ready'] },
  cancelAndResume: { weight: 11, ends: ['ready'] },
  cancelWithTeardown: { weight: 9, ends: ['deleted', 'ready'] },
  deleteInTheMiddle: { weight: 10, ends: ['deleted'] },
  failAndResume: { weight: 6, ends: ['ready'] },
  failWithTeardown: { weight: 5, ends: ['deleted'] },
} as const satisfies Record<string, { weight: number; ends: readonly EnvironmentState[] }>;

export type Story = keyof typeof stories;

/** When something is done to a run: so long after a step has begun or ended. */
interface Moment {
  step: StepId;
  edge: 'begins' | 'ends';
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

/** One kill -9: of which parts, when, and how long they are away. */
export interface PlannedKill {
  parts: Part[];
  when:
    | { kind: 'time'; ms: number }
    | { kind: 'step'; step: StepId; edge: 'begins' | 'ends' }
    /** while a write is on its way (before it is executed), or once it is executed and its answer lost */
    | { kind: 'write'; method: 'PUT' | 'DELETE'; side: 'before' | 'after'; skip: number };
  awayMs: number;
  /** quiet time before the next one */
  quietMs: number;
}

/** Regions whose quota the runs share. */
const locations = [
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
    moment: { step: random.pick(stepIds), edge: random.pick(['begins', 'ends']), afterMs: random.between(0, 400) },
    refusedType: random.pick(refusable),
  };
}

function planKill(random: Random): PlannedKill {
  const kind = random.weighted({ time: 3, step: 3, write: 5 });
  const one = random.weighted({ worker: 6, worker2: 6, api: 3, emulator: 5, temporal: 3 });
  const two = random.weighted({ none: 5, workers: 2, emulator: 1, temporal: 1 });
  const others: Record<typeof two, Part[]> = {
    none: [],
    workers: ['worker', 'worker2'],
    emulator: ['emulator'],
    temporal: ['temporal'],
  };
  const edge = random.pick(['begins', 'ends'] as const);
  const method = random.weighted({ PUT: 3, DELETE: 1 });
  const [step, skip, ms] = [random.pick(stepIds), random.between(0, 40), random.between(200, 4000)];
  const side = random.pick(['before', 'after'] as const);
  const whens = {
    time: { kind: 'time', ms },
    step: { kind: 'step', step, edge },
    write: { kind: 'write', method, side, skip },
  } as const;
  return {
    parts: [...new Set([one, ...others[two]])],
    when: whens[kind],
    awayMs: random.between(0, 2500),
    quietMs: random.between(1000, 6000),
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
  const kill = (n: number): PlannedKill => planKill(seeded(seed * 7919 + n));
  const decided = JSON.stringify([runs, Array.from({ length: 100 }, (_, n) => kill(n))]);
  return { runs, kill, hash: createHash('sha256').update(decided).digest('hex').slice(0, 12) };
}
