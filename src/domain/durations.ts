/** A range of seconds. */
export interface SecondsRange {
  min: number;
  max: number;
}

type Basis = 'seen' | 'assumed';

/** How far an operation usually is from its duration in the table: estimates may be wrong by a factor of two. */
const spread: Record<Basis, SecondsRange> = { seen: { min: 0.7, max: 1.5 }, assumed: { min: 0.5, max: 2 } };

/**
 * Seconds on Azure of the tasks of a provisioning run, by the beginning of their names. `seen`: in Azure's documents or a public test log
 * (acceptance tests of hashicorp/terraform-provider-azurerm); `assumed`: an estimate, to be replaced when measured.
 */
const table: Record<string, [seconds: number, basis: Basis]> = {
  'check:environment': [10, 'assumed'],
  'ensure:group': [1, 'assumed'],
  'ensure:networkSecurityGroup': [10, 'assumed'],
  'ensure:natAddress': [8, 'assumed'],
  'ensure:natGateway': [20, 'assumed'],
  'ensure:virtualNetwork': [12, 'assumed'],
  'ensure:zone:': [35, 'assumed'],
  'ensure:zoneLink:': [40, 'assumed'],
  'ensure:identity': [2, 'assumed'],
  'ensure:storageAccount': [23, 'seen'],
  'ensure:vault': [18, 'seen'],
  'ensure:registry': [25, 'assumed'],
  'ensure:logAnalytics': [17, 'seen'],
  'ensure:applicationInsights': [20, 'seen'],
  'ensure:workspace': [180, 'assumed'],
  'grant:approveConnections': [2, 'assumed'],
  'ensure:managedNetwork': [1800, 'seen'],
  'ensure:managedNetwork:firewall': [2400, 'seen'],
  'ensure:privateEndpoint:': [75, 'seen'],
  'ensure:zoneGroup:': [20, 'assumed'],
  'check:privateLinks': [5, 'assumed'],
  'ensure:networkInterface': [5, 'assumed'],
  'ensure:virtualMachine': [90, 'assumed'],
  'ensure:buildInternetRule': [5, 'assumed'],
  'run:setUp': [180, 'assumed'],
  'grant:': [2, 'assumed'],
  'run:buildImage': [480, 'assumed'],
  'delete:buildInternetRule': [5, 'assumed'],
  'ensure:onlineEndpoint': [60, 'assumed'],
  'register:versions': [5, 'assumed'],
  'ensure:deployment': [600, 'seen'],
  'ensure:traffic': [30, 'assumed'],
  'check:egressConnections': [5, 'assumed'],
  'run:verify': [30, 'assumed'],
  'run:score': [30, 'assumed'],
  'read:outputs': [2, 'assumed'],
  skip: [0, 'seen'],
  end: [0, 'seen'],
};

function rangeOf(task: string): SecondsRange | undefined {
  const key = task in table ? task : Object.keys(table).find((one) => one.endsWith(':') && task.startsWith(one));
  if (key === undefined) return undefined;
  const [seconds, basis] = table[key]!;
  return { min: seconds * spread[basis].min, max: seconds * spread[basis].max };
}

/** The usual duration of a task of a provisioning run. Throws RangeError on one that the table lacks. */
export function usualDuration(task: string): SecondsRange {
  const range = rangeOf(task);
  if (range === undefined) throw new RangeError(`no usual duration of ${task}`);
  return range;
}

/** Seconds before which a task usually does not end; 0 where the table lacks it. */
export const usualMinSeconds = (task: string): number => rangeOf(task)?.min ?? 0;

/** A task of a sequence, with the tasks that it waits for. */
export interface SequenceTask {
  /** as the sequence names it: `ensure:registry` */
  task: string;
  needs: readonly SequenceTask[];
}

/**
 * From the start of a sequence to its end, with independent tasks side by side: the sum along its critical path. `durationOf` is asked once
 * for each task; tasks come after those that they wait for.
 */
export function criticalPath(
  tasks: readonly SequenceTask[],
  durationOf: (task: string) => SecondsRange = usualDuration,
): SecondsRange {
  const ends = new Map<SequenceTask, SecondsRange>();
  for (const one of tasks) {
    const needed = one.needs.map((need) => ends.get(need)!);
    const own = durationOf(one.task);
    ends.set(one, {
      min: own.min + Math.max(0, ...needed.map(({ min }) => min)),
      max: own.max + Math.max(0, ...needed.map(({ max }) => max)),
    });
  }
  return {
    min: Math.max(0, ...[...ends.values()].map(({ min }) => min)),
    max: Math.max(0, ...[...ends.values()].map(({ max }) => max)),
  };
}

/**
 * The value below which the next one lies with the probability `share`, by what was measured so far; undefined where too few values were
 * measured. The next of n + 1 values of one distribution has every rank with the same probability, so the value with the rank
 * `share` × (n + 1) is the limit; between two ranks in proportion. Percentiles of the sample itself are too narrow: of five values, the 10th and the
 * 90th enclose the sixth in 53 of 100 cases (Hahn, Meeker: Statistical Intervals, prediction interval for one future observation).
 */
export function predictedPercentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = share * (sorted.length + 1);
  // 0.1 × 10 and the like are exact to the bit or a little beside it
  const [from, to] = [Math.floor(rank + 1e-9), Math.ceil(rank - 1e-9)];
  if (from < 1 || to > sorted.length) return undefined;
  const [below, above] = [sorted[from - 1]!, sorted[to - 1]!];
  return below + (above - below) * (rank - from);
}

/** Fewer measured durations have no range that holds 80 of 100: even that from the shortest to the longest is too narrow. */
const leastRuns = 9;
/** A range is made of the newest ones only: older ones were measured under another load. */
const newest = 20;
/** Of the next durations, the share that is to be outside the range. */
const outsideShare = 0.2;
/** How much one miss changes the share: a compromise between following changes and staying the same. */
const learningRate = 0.05;

/** The range with this share outside, half of it on each side; from the shortest to the longest where the sample has no wider one. */
function rangeWith(outside: number, seconds: readonly number[]): SecondsRange {
  const sample = seconds.slice(-newest);
  return {
    min: predictedPercentile(sample, outside / 2) ?? Math.min(...sample),
    max: predictedPercentile(sample, 1 - outside / 2) ?? Math.max(...sample),
  };
}

/**
 * The range that holds the next duration in 80 of 100 cases, by those measured, oldest first; undefined for fewer than nine. Durations drift with the
 * load of the cloud, and the past alone is then too narrow: each earlier duration is compared with the range that the ones before it
 * gave, and the range is widened after misses and narrowed after hits (Gibbs, Candès: Adaptive Conformal Inference Under Distribution
 * Shift, 2021).
 */
export function usualRange(seconds: readonly number[]): SecondsRange | undefined {
  if (seconds.length < leastRuns) return undefined;
  let outside = outsideShare;
  for (let count = leastRuns; count < seconds.length; count++) {
    const { min, max } = rangeWith(outside, seconds.slice(0, count));
    const missed = seconds[count]! < min || seconds[count]! > max;
    outside = Math.min(0.6, Math.max(0, outside + learningRate * (outsideShare - (missed ? 1 : 0))));
  }
  return rangeWith(outside, seconds);
}
