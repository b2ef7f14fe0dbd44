import { short } from './accounting.ts';
import type { Finding } from './accounting.ts';
import type { EmulatedOperation } from './emulator.ts';

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

const isCommand = (id: string): boolean => /\/runCommands\/[^/]+$/i.test(id);

/** What a resource is for, whatever it is called: one identity gets one role on a scope, and one script runs at a time. */
const intentOf = (id: string): string =>
  id.replace(/(\/roleAssignments)\/[^/]+$/i, '$1').replace(/(\/runCommands\/[^/-]+)-[^/]+$/i, '$1');

/** An attempt is over once its run command begins to be deleted: its outcome is known by then, and nobody waits for the deletion. */
const counts = ({ kind, resourceId, outcome, settled }: EmulatedOperation): boolean =>
  (settled && outcome === 'Succeeded') || (kind === 'delete' && isCommand(resourceId));

/** Resources that were created again with no deletion of them, or of what holds them, in between. */
function madeTwice(operations: readonly EmulatedOperation[]): string[] {
  const done = operations.filter(counts).toSorted((a, b) => a.startedAt - b.startedAt);
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
    .filter(({ kind, resourceId }) => kind === 'update' && isCommand(resourceId))
    .map(({ resourceId }) => `run command put again: ${short(resourceId)}`);

/** Moat puts these without a look: they are done within the request, and say the same each time. */
const repeatable = /\/roleAssignments\/[^/]+$|\/versions\/[^/]+$/i;
/** Its traffic is put once it has a deployment. */
const endpoint = /\/onlineEndpoints\/[^/]+$/i;

/** Resources that were put again though they had become what they were to be. */
function sentAgain(operations: readonly EmulatedOperation[]): string[] {
  const last = new Map<string, EmulatedOperation>();
  const again: string[] = [];
  for (const operation of operations.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const { kind, resourceId } = operation;
    if (kind === 'action' || repeatable.test(resourceId) || isCommand(resourceId)) continue;
    const before = last.get(resourceId);
    const meant = endpoint.test(resourceId) && before?.kind === 'create';
    if (kind === 'update' && before?.outcome === 'Succeeded' && !meant) again.push(`put again: ${short(resourceId)}`);
    last.set(resourceId, operation);
  }
  return again;
}

/** What stays when its group is deleted: custom roles, and workspaces that could be recovered. */
const outlasting = /\/roleDefinitions\/[^/]+$|\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i;

/** What would be left in Azure after the group's deletion, because nothing deleted it by itself. */
function outlived(operations: readonly EmulatedOperation[]): string[] {
  const done = operations.filter(({ outcome, resourceId }) => outcome === 'Succeeded' && outlasting.test(resourceId));
  return done
    .filter(({ kind }) => kind === 'create' || kind === 'update')
    .filter(
      (made) =>
        !done.some(
          ({ kind, resourceId, startedAt }) =>
            kind === 'delete' && resourceId === made.resourceId && startedAt >= made.startedAt,
        ),
    )
    .map(({ resourceId }) => `never deleted by itself, it outlives its group: ${short(resourceId)}`);
}

/** What the emulator knows of all that was ever done for one environment. */
export function accountOf(
  { name, deleted }: { name: string; deleted: boolean },
  operations: readonly EmulatedOperation[],
): { findings: Finding[]; creates: number; updates: number } {
  const twice = [overlapping, madeTwice, putAgain, sentAgain].flatMap((look) => look(operations));
  const left = deleted ? outlived(operations) : [];
  const count = (wanted: EmulatedOperation['kind']): number => operations.filter(({ kind }) => kind === wanted).length;
  return {
    findings: [
      ...twice.map((detail) => ({ kind: 'duplicateCreate' as const, name, detail })),
      ...left.map((detail) => ({ kind: 'orphan' as const, name, detail })),
    ],
    creates: count('create'),
    updates: count('update'),
  };
}
