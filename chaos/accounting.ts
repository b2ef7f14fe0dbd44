import type { Environment, RunRecord, Spec } from '../src/domain/environment.ts';
import { environmentRefOf } from '../src/domain/naming.ts';
import { plannedResources } from '../src/domain/resources.ts';
import type { EmulatedOperation, EmulatedResource, Emulator } from './emulator.ts';
import { subscriptionId } from './installation.ts';

/** What must not be, each with what is known of it. */
export const findingKinds = {
  notTerminal: 'runs that came to no end',
  unexplained: 'states and answers that nothing explains',
  duplicateCreate: 'things made twice, or two operations for one intent',
  orphan: 'resources that no environment owns',
  openInternet: 'build-time Internet rules left open',
  noReceipt: 'teardowns without a clean receipt',
  softDeleted: 'soft-deleted vaults and workspaces left',
  secret: 'secrets in answers, histories or logs',
  failedTask: 'workflow tasks that failed',
  openWorkflow: 'workflows open without an environment',
  ended: 'parts that ended by themselves',
  idle: 'kills, faults or secrets of which there were none',
} as const;

export type FindingKind = keyof typeof findingKinds;
export interface Finding {
  kind: FindingKind;
  name: string;
  detail: string;
}

/** The id of an environment's resource group. */
export const groupOf = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/rg-moat-${name}`;
/** What an id says beyond its group. */
export const short = (id: string): string => id.split('/providers/').at(-1) ?? id;

/** Every teardown leaves a receipt, and one that ended with `deleted` has left nothing else. */
export function receiptOf({ name, state, receipt }: Environment): Finding[] {
  const clean = receipt && 'removed' in receipt && receipt.remaining.length === 0 && receipt.blockers.length === 0;
  if (state !== 'deleted' || clean) return [];
  return [{ kind: 'noReceipt', name, detail: JSON.stringify(receipt) }];
}

/** Runs that an environment keeps as if they were still at work, though it is deleted. */
export const unfinished = ({ name, state }: Environment, runs: readonly RunRecord[]): Finding[] =>
  runs
    .filter(({ finishedAt }) => state === 'deleted' && finishedAt === null)
    .map(({ id, outcome }) => ({
      kind: 'unexplained',
      name,
      detail: `deleted, with ${id} ${outcome} and not finished`,
    }));

/** What an environment that says `ready` lacks. */
export function lacking(spec: Spec, resources: readonly EmulatedResource[]): Finding[] {
  const states = new Map(resources.map(({ id, state }) => [id.toLowerCase(), state]));
  return plannedResources(environmentRefOf(subscriptionId, spec)).flatMap(({ id }) => {
    const state = states.get(id.toLowerCase()) ?? 'absent';
    if (state === 'Succeeded') return [];
    return [{ kind: 'unexplained' as const, name: spec.name, detail: `ready, with ${short(id)} ${state}` }];
  });
}

const isCommandOf = (name: string, id: string): boolean =>
  id.toLowerCase().startsWith(`${groupOf(name)}/`.toLowerCase()) && /\/runCommands\//i.test(id);

/** Run commands that nobody has begun to delete. Nobody waits for the end of such a deletion, which may fail. */
export const leftCommands = (
  name: string,
  resources: readonly EmulatedResource[],
  operations: readonly EmulatedOperation[],
): Finding[] =>
  resources
    .filter(({ id }) => isCommandOf(name, id))
    .filter(({ id }) => !operations.some(({ kind, resourceId }) => kind === 'delete' && resourceId === id))
    .map(({ id }) => ({ kind: 'unexplained', name, detail: `at rest, with ${short(id)}` }));

/** The Internet is closed whenever a run is at rest. */
export const openInternet = (name: string, resources: readonly EmulatedResource[]): Finding[] =>
  resources
    .filter(({ id }) => id.startsWith(`${groupOf(name)}/`) && /AllowInternetWhileBuilding/i.test(id))
    .map(({ id }) => ({ kind: 'openInternet', name, detail: short(id) }));

/** Resources outside the groups of these environments. */
export function orphans(living: ReadonlySet<string>, resources: readonly EmulatedResource[]): Finding[] {
  return resources.flatMap(({ id, state }) => {
    const name = /\/resourceGroups\/rg-moat-([^/]+)/i.exec(id)?.[1] ?? '';
    return living.has(name) ? [] : [{ kind: 'orphan' as const, name, detail: `${id} (${state})` }];
  });
}

/** Vaults and workspaces whose names are still held, though nobody is about to purge them. */
export async function softDeleted(emulator: Emulator): Promise<Finding[]> {
  const vaults = await emulator.objectKeys('deletedVault:');
  const workspaces = await emulator.objectKeys('deletedWorkspace:');
  const findings: Finding[] = [];
  for (const key of [...vaults, ...workspaces]) {
    const value = await emulator.object(key);
    const goneAt = typeof value === 'number' ? value : (value as { goneAt: number }).goneAt;
    if (goneAt > Date.now()) findings.push({ kind: 'softDeleted', name: '', detail: key });
  }
  return findings;
}
