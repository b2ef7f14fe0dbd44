import type { Environment, StepProgress } from '../../../../src/client/index.ts';
import { brokenText } from '../../components/brokenProof.ts';
import { blockerText } from '../../components/resourceName.ts';

/** What an environment does or waits for. */
export interface Status {
  text: string;
  /** since when; null where the duration is of no interest */
  since: string | null;
  /** after the duration: why it is retried, for example */
  detail?: string | undefined;
  /** somebody has to act, whatever the state is */
  isBroken?: boolean;
  /** the step that it waits for */
  step?: { id: string; usual: StepProgress['usual'] };
}

const isActive = ({ state }: StepProgress): boolean => state === 'running' || state === 'retrying';
const expectedEnd = ({ since, usual }: StepProgress): number =>
  Date.parse(since ?? '') + (usual?.maxSeconds ?? 0) * 1_000;

/** The step that the run waits for: of those with a message, the one that is expected to end last. */
const currentStep = (steps: readonly StepProgress[]): StepProgress | undefined =>
  steps
    .filter(isActive)
    .toSorted((a, b) => Number(a.message === null) - Number(b.message === null) || expectedEnd(b) - expectedEnd(a))[0];

/** `online deployment churn1/blue: Creating, since …; polls at …` as its parts. */
const waitingMessage = /^(.+?) ?([^ ]*): (\w+ing)(?:, since \S+)?(?:; polls at \S+)?$/;

/** `Azure has been creating online deployment blue`, since ARM reports that. */
function stepStatus({ id, state, message, since, usual, resources }: StepProgress): Status {
  const step = { id, usual };
  const [, kind, path, doing] = waitingMessage.exec(message ?? '') ?? [];
  if (doing === undefined) return { text: `step ${id} has been ${state}`, since, detail: message ?? undefined, step };
  const name = path!.split('/').at(-1)!;
  const resource = resources.findLast((one) => one.id.endsWith(`/${name}`));
  return { text: `Azure has been ${doing.toLowerCase()} ${kind} ${name}`, since: resource?.since ?? since, step };
}

const still = (text: string): Status => ({ text, since: null });

/** What the environment does, waits for, or needs, in one sentence that follows its state. */
export function statusOf({ state, run, steps, failure, receipt, lease, proof }: Environment): Status {
  const step = currentStep(steps);
  if (step) return stepStatus(step);
  if (run !== null && run.finishedAt === null) return { text: `${run.id} has been running`, since: run.startedAt };
  const blockers = receipt !== null && 'blockers' in receipt ? receipt.blockers : [];
  if (state === 'blocked')
    return still(`the deletion waits for ${blockers[0] ? blockerText(blockers[0]) : 'a blocker'}`);
  if (state === 'failed') return still(failure ? `at step ${failure.step ?? 'unknown'}: ${failure.code}` : '');
  if (state === 'ready') {
    const broken = brokenText(proof);
    if (broken !== undefined && !failure) return { ...still(broken), isBroken: true };
    return still(failure ? `${failure.code}: ${failure.message}` : 'waits for requests');
  }
  if (state === 'expired')
    return still(lease.markedAt === null ? 'waits for a sweep' : 'marked by a sweep; it is deleted next');
  if (state === 'cancelled') return still('no run is in progress; its resources remain');
  if (state === 'deleted') return still(proof === null ? '' : 'its runs and their receipts remain');
  return still('waits for the run to start');
}
