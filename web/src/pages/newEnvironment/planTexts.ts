import type { Plan, PlannedAction, UsualDuration } from '../../../../src/client/index.ts';
import { durationText } from '../../components/durationText.ts';

type Action = PlannedAction['action'];

const actions: readonly Action[] = ['create', 'change', 'adopt', 'use'];

/** How many of the resources each action concerns, without those that concern none. */
function countsOf(resources: readonly PlannedAction[]): [Action, number][] {
  return actions
    .map((action): [Action, number] => [action, resources.filter((one) => one.action === action).length])
    .filter(([, count]) => count > 0);
}

/** Like `38 to create, 2 to adopt`. */
export const countsText = (resources: readonly PlannedAction[]): string =>
  countsOf(resources)
    .map(([action, count]) => `${count} to ${action}`)
    .join(', ');

const resourceCount = (count: number): string => `${count} ${count === 1 ? 'resource' : 'resources'}`;

/** What a POST does, like `Create 38 resources in rg-moat-churn1, about 25 m`. */
export function submitText(name: string, { resources, duration }: Plan): string {
  const group = resources.find(({ action }) => action !== 'use')?.id.match(/\/resourceGroups\/([^/]+)/i)?.[1] ?? '';
  const writes = countsOf(resources).filter(([action]) => action !== 'adopt' && action !== 'use');
  const where = `in ${group}, about ${roundedDuration((duration.minSeconds + duration.maxSeconds) / 2)}`;
  const [first, second] = writes;
  if (!first) return `Provision ${name}: all ${resourceCount(resources.length)} exist`;
  const also = second ? ` and ${second[0]} ${second[1]}` : '';
  const [verb, count] = first;
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${resourceCount(count)}${also} ${where}`;
}

/** Like `23 m to 42 m`. */
export function rangeText({ minSeconds, maxSeconds }: Pick<UsualDuration, 'minSeconds' | 'maxSeconds'>): string {
  const [least, most] = [roundedDuration(minSeconds), roundedDuration(maxSeconds)];
  return least === most ? least : `${least} to ${most}`;
}

/** Without digits that an estimate does not have: full minutes from two minutes on. */
function roundedDuration(seconds: number): string {
  return durationText(1_000 * (seconds < 120 ? Math.ceil(seconds) : 60 * Math.round(seconds / 60)));
}
