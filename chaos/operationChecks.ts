import { shortId } from './invariants.ts';
import type { Finding } from './invariants.ts';
import type { EmulatedOperation } from './emulatorControl.ts';

/** Concurrent changes of one resource. Cancelled operations do not count. */
function overlapping(operations: readonly EmulatedOperation[]): string[] {
  const changes = operations.filter(({ kind, outcome }) => kind !== 'action' && outcome !== 'Canceled');
  return changes.flatMap((first) =>
    changes
      .filter(
        (other) =>
          other.id > first.id &&
          other.resourceId === first.resourceId &&
          first.startedAt < (other.endsAt ?? Infinity) &&
          other.startedAt < (first.endsAt ?? Infinity),
      )
      .map((other) => `concurrent ${first.kind} and ${other.kind}: ${shortId(first.resourceId)}`),
  );
}

/** Azure deletes a machine's network interface with the machine (`deleteOption`). */
const deletedWithMachine = (id: string, machine: string): boolean =>
  /\/virtualMachines\/[^/]+$/i.test(machine) && /\/networkInterfaces\/[^/]+$/i.test(id);

const isRunCommand = (id: string): boolean => /\/runCommands\/[^/]+$/i.test(id);

/** The purpose of a resource, independent of its name: one role per identity and scope, one script at a time. */
const purposeOf = (id: string): string =>
  id.replace(/(\/roleAssignments)\/[^/]+$/i, '$1').replace(/(\/runCommands\/[^/-]+)-[^/]+$/i, '$1');

/** Successful operations. The deletion of a run command counts from its start: the attempt's outcome is known by then, and Moat does not wait for it. */
const isEffective = ({ kind, resourceId, outcome, settled }: EmulatedOperation): boolean =>
  (settled && outcome === 'Succeeded') || (kind === 'delete' && isRunCommand(resourceId));

/** Resources created twice without a deletion of them, or of their parent, in between. */
function duplicateCreates(operations: readonly EmulatedOperation[]): string[] {
  const done = operations.filter(isEffective).toSorted((a, b) => a.startedAt - b.startedAt);
  const existing = new Set<string>();
  const duplicates: string[] = [];
  for (const { kind, resourceId } of done) {
    const purpose = purposeOf(resourceId);
    if (kind === 'delete')
      for (const id of existing)
        if (`${id}/`.startsWith(`${purpose}/`) || deletedWithMachine(id, resourceId)) existing.delete(id);
    if (kind !== 'create') continue;
    if (existing.has(purpose)) duplicates.push(`created twice: ${shortId(resourceId)}`);
    existing.add(purpose);
  }
  return duplicates;
}

/** Updates of a run command. Each attempt has its own run command, so it is never put twice. */
const repeatedRunCommands = (operations: readonly EmulatedOperation[]): string[] =>
  operations
    .filter(({ kind, resourceId }) => kind === 'update' && isRunCommand(resourceId))
    .map(({ resourceId }) => `run command updated: ${shortId(resourceId)}`);

/** Moat repeats these PUTs without a GET: they complete within the request and have the same body each time. */
const repeatable = /\/roleAssignments\/[^/]+$|\/versions\/[^/]+$/i;
/** Updated once, to set traffic after the deployment exists. */
const endpoint = /\/onlineEndpoints\/[^/]+$/i;

/** Resources updated although their last operation had succeeded. */
function redundantUpdates(operations: readonly EmulatedOperation[]): string[] {
  const last = new Map<string, EmulatedOperation>();
  const updates: string[] = [];
  for (const operation of operations.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const { kind, resourceId } = operation;
    if (kind === 'action' || repeatable.test(resourceId) || isRunCommand(resourceId)) continue;
    const before = last.get(resourceId);
    const isTraffic = endpoint.test(resourceId) && before?.kind === 'create';
    if (kind === 'update' && before?.outcome === 'Succeeded' && !isTraffic)
      updates.push(`updated without need: ${shortId(resourceId)}`);
    last.set(resourceId, operation);
  }
  return updates;
}

/** Types that survive the deletion of their group: custom roles, and Log Analytics workspaces in soft-deleted state. */
const survivesGroupDeletion = /\/roleDefinitions\/[^/]+$|\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i;

/** Resources that would remain in Azure after the group's deletion, because they were not deleted individually. */
function survivorsOfGroup(operations: readonly EmulatedOperation[]): string[] {
  const done = operations.filter(
    ({ outcome, resourceId }) => outcome === 'Succeeded' && survivesGroupDeletion.test(resourceId),
  );
  return done
    .filter(({ kind }) => kind === 'create' || kind === 'update')
    .filter(
      (create) =>
        !done.some(
          ({ kind, resourceId, startedAt }) =>
            kind === 'delete' && resourceId === create.resourceId && startedAt >= create.startedAt,
        ),
    )
    .map(({ resourceId }) => `not deleted individually, survives its group: ${shortId(resourceId)}`);
}

/** Checks all operations that the emulator recorded for one environment. */
export function checkOperations(
  { name, deleted }: { name: string; deleted: boolean },
  operations: readonly EmulatedOperation[],
): { findings: Finding[]; creates: number; updates: number } {
  const duplicates = [overlapping, duplicateCreates, repeatedRunCommands, redundantUpdates].flatMap((check) =>
    check(operations),
  );
  const survivors = deleted ? survivorsOfGroup(operations) : [];
  const count = (expected: EmulatedOperation['kind']): number =>
    operations.filter(({ kind }) => kind === expected).length;
  return {
    findings: [
      ...duplicates.map((detail) => ({ kind: 'duplicateCreate' as const, name, detail })),
      ...survivors.map((detail) => ({ kind: 'orphan' as const, name, detail })),
    ],
    creates: count('create'),
    updates: count('update'),
  };
}
