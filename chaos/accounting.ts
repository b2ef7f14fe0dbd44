import type { Environment } from '../src/domain/environment.ts';
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
} as const;

export type FindingKind = keyof typeof findingKinds;
export interface Finding {
  kind: FindingKind;
  name: string;
  detail: string;
}

const groupOf = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/rg-moat-${name}`;
const short = (id: string): string => id.split('/providers/').at(-1) ?? id;

/** Changes of one resource that were at work at the same time; one that was overtaken does not count. */
function overlapping(operations: readonly EmulatedOperation[]): string[] {
  const changes = operations.filter(({ kind, outcome }) => kind !== 'action' && outcome !== 'Canceled');
  return changes.flatMap((one) =>
    changes
      .filter(
        (other) =>
          other.id > one.id &&
          other.resourceId === one.resourceId &&
          one.startedAt < (other.endsAt ?? Infinity) &&
          other.startedAt < (one.endsAt ?? Infinity),
      )
      .map((other) => `${one.kind} and ${other.kind} at once: ${short(one.resourceId)}`),
  );
}

/** Azure deletes a machine's network interface with it, as it is told to. */
const wentWith = (id: string, machine: string): boolean =>
  /\/virtualMachines\/[^/]+$/i.test(machine) && /\/networkInterfaces\/[^/]+$/i.test(id);

/** What a resource is for, whatever it is called: one identity gets one role on a scope. */
const intentOf = (id: string): string => id.replace(/(\/roleAssignments)\/[^/]+$/i, '$1');

/** Resources that were created again with no deletion of them, or of what holds them, in between. */
function madeTwice(operations: readonly EmulatedOperation[]): string[] {
  const done = operations
    .filter(({ outcome, settled }) => settled && outcome === 'Succeeded')
    .toSorted((a, b) => a.startedAt - b.startedAt);
  const there = new Set<string>();
  const twice: string[] = [];
  for (const { kind, resourceId } of done) {
    const intent = intentOf(resourceId);
    if (kind === 'delete')
      for (const id of there) if (`${id}/`.startsWith(`${intent}/`) || wentWith(id, resourceId)) there.delete(id);
    if (kind !== 'create') continue;
    if (there.has(intent)) twice.push(`created twice: ${short(resourceId)}`);
    there.add(intent);
  }
  return twice;
}

/** A run command is one attempt: it is never put again. */
const putAgain = (operations: readonly EmulatedOperation[]): string[] =>
  operations
    .filter(({ kind, resourceId }) => kind === 'update' && /\/runCommands\//i.test(resourceId))
    .map(({ resourceId }) => `run command put again: ${short(resourceId)}`);

/** What the emulator knows of all that was ever done for one environment. */
export async function accountOf(
  name: string,
  emulator: Emulator,
): Promise<{ findings: Finding[]; creates: number; updates: number }> {
  const operations = await emulator.operations(`${groupOf(name)}/`);
  const details = [...overlapping(operations), ...madeTwice(operations), ...putAgain(operations)];
  const count = (wanted: EmulatedOperation['kind']): number => operations.filter(({ kind }) => kind === wanted).length;
  return {
    findings: details.map((detail) => ({ kind: 'duplicateCreate', name, detail })),
    creates: count('create'),
    updates: count('update'),
  };
}

/** Every teardown leaves a receipt, and one that ended with `deleted` has left nothing else. */
export function receiptOf({ name, state, receipt }: Environment): Finding[] {
  const clean = receipt && 'removed' in receipt && receipt.left.length === 0 && receipt.blockers.length === 0;
  if (state !== 'deleted' || clean) return [];
  return [{ kind: 'noReceipt', name, detail: JSON.stringify(receipt) }];
}

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
