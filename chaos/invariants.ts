import type { Environment, RunRecord, Spec } from '../src/domain/environment.ts';
import { environmentRefOf } from '../src/domain/naming.ts';
import { plannedResources } from '../src/domain/resources.ts';
import type { EmulatedOperation, EmulatedResource, EmulatorControl } from './emulatorControl.ts';

import { subscriptionId } from './installation.ts';

/** Kinds of findings with their labels in the report. */
export const findingKinds = {
  notTerminal: 'runs that did not end',
  unexplained: 'unexpected states and answers',
  duplicateCreate: 'resources created twice, or concurrent operations',
  orphan: 'resources without an environment',
  openInternet: 'remaining build-time Internet rules',
  noReceipt: 'teardowns without a clean receipt',
  softDeleted: 'remaining soft-deleted vaults and workspaces',
  secret: 'secrets in answers, histories or logs',
  brought: 'brought resources deleted or changed, and what was left at them',
  failedTask: 'failed workflow tasks',
  openWorkflow: 'open workflows without an environment',
  unexpectedExit: 'processes that exited unexpectedly',
  inactive: 'kills, faults or secrets that did not occur',
} as const;

export type FindingKind = keyof typeof findingKinds;
export interface Finding {
  kind: FindingKind;
  name: string;
  detail: string;
}

/** Resource id of an environment's resource group. */
export const groupOf = (name: string): string => `/subscriptions/${subscriptionId}/resourceGroups/rg-moat-${name}`;
/** A resource id without its subscription and group. */
export const shortId = (id: string): string => id.split('/providers/').at(-1) ?? id;

/** A deleted environment without a receipt, or with remaining resources or blockers in it. */
export function receiptFindings({ name, state, receipt }: Environment): Finding[] {
  const clean = receipt && 'removed' in receipt && receipt.remaining.length === 0 && receipt.blockers.length === 0;
  if (state !== 'deleted' || clean) return [];
  return [{ kind: 'noReceipt', name, detail: JSON.stringify(receipt) }];
}

/** Runs of a deleted environment that are reported as still running. */
export const unfinishedRuns = ({ name, state }: Environment, runs: readonly RunRecord[]): Finding[] =>
  runs
    .filter(({ finishedAt }) => state === 'deleted' && finishedAt === null)
    .map(({ id, outcome }) => ({
      kind: 'unexplained',
      name,
      detail: `deleted, but ${id} is ${outcome} and not finished`,
    }));

/** Planned resources of a ready environment that do not exist or did not succeed. */
export function missingResources(spec: Spec, resources: readonly EmulatedResource[]): Finding[] {
  const states = new Map(resources.map(({ id, state }) => [id.toLowerCase(), state]));
  return plannedResources(environmentRefOf(subscriptionId, spec)).flatMap(({ id }) => {
    const state = states.get(id.toLowerCase()) ?? 'absent';
    if (state === 'Succeeded') return [];
    return [{ kind: 'unexplained' as const, name: spec.name, detail: `ready, but ${shortId(id)} is ${state}` }];
  });
}

const isRunCommandOf = (name: string, id: string): boolean =>
  id.toLowerCase().startsWith(`${groupOf(name)}/`.toLowerCase()) && /\/runCommands\//i.test(id);

/** Run commands without a deletion. A deletion counts from its start: Moat does not wait for its end, and it may fail. */
export const remainingRunCommands = (
  name: string,
  resources: readonly EmulatedResource[],
  operations: readonly EmulatedOperation[],
): Finding[] =>
  resources
    .filter(({ id }) => isRunCommandOf(name, id))
    .filter(({ id }) => !operations.some(({ kind, resourceId }) => kind === 'delete' && resourceId === id))
    .map(({ id }) => ({ kind: 'unexplained', name, detail: `idle, but ${shortId(id)} exists` }));

/** Build-time Internet rules of an idle environment. */
export const openInternet = (name: string, resources: readonly EmulatedResource[]): Finding[] =>
  resources
    .filter(({ id }) => id.startsWith(`${groupOf(name)}/`) && /AllowInternetWhileBuilding/i.test(id))
    .map(({ id }) => ({ kind: 'openInternet', name, detail: shortId(id) }));

/** Resources outside the groups of the given environments. */
export function orphans(live: ReadonlySet<string>, resources: readonly EmulatedResource[]): Finding[] {
  return resources.flatMap(({ id, state }) => {
    const name = /\/resourceGroups\/rg-moat-([^/]+)/i.exec(id)?.[1] ?? '';
    return live.has(name) ? [] : [{ kind: 'orphan' as const, name, detail: `${id} (${state})` }];
  });
}

/** Soft-deleted vaults and workspaces that still reserve their names. */
export async function softDeleted(emulator: EmulatorControl): Promise<Finding[]> {
  const vaults = await emulator.objectKeys('deletedVault:');
  const workspaces = await emulator.objectKeys('deletedWorkspace:');
  const findings: Finding[] = [];
  for (const key of [...vaults, ...workspaces]) {
    const value = await emulator.object(key);
    const expiresAt = typeof value === 'number' ? value : (value as { goneAt: number }).goneAt;
    if (expiresAt > Date.now()) findings.push({ kind: 'softDeleted', name: '', detail: key });
  }
  return findings;
}
