import { expect, it } from 'vitest';
import {
  groupOf,
  missingResources,
  remainingRunCommands,
  openInternet,
  unfinishedRuns,
} from '../../chaos/invariants.ts';
import type { EmulatedOperation } from '../../chaos/emulatorControl.ts';
import { subscriptionId } from '../../chaos/installation.ts';
import { inactivityFindings, ignoredRefusalFindings } from '../../chaos/report.ts';
import type { Environment, RunRecord, Spec } from '../../src/domain/environment.ts';
import { environmentRefOf } from '../../src/domain/naming.ts';
import { buildInternetRule, plannedResources } from '../../src/domain/resources.ts';

const name = 'planted';
const spec = { name, location: 'westus2', suffix: 'abcd' } as Spec;
const ref = environmentRefOf(subscriptionId, spec);
const existing = plannedResources(ref).map(({ id, type }) => ({ id, type, state: 'Succeeded' }));
const active = { completed: 51, runs: 51, kills: { worker: 1 }, secretsKnown: 1 };
const enabled = { kills: true, faults: true, stoppedEarly: false };
const details = (...args: Parameters<typeof inactivityFindings>): string[] =>
  inactivityFindings(...args).map(({ detail }) => detail);

it('reports an open build-time Internet rule, for its environment only', () => {
  const { id, type } = buildInternetRule(ref);
  const resources = [...existing, { id, type, state: 'Succeeded' }];
  expect(openInternet(name, resources)).toMatchObject([{ kind: 'openInternet', name }]);
  expect(openInternet('another', resources)).toEqual([]);
});

it('reports a ready environment with an absent or failed resource', () => {
  expect(missingResources(spec, existing)).toEqual([]);
  const last = existing.at(-1)!;
  expect(missingResources(spec, existing.slice(0, -1))).toMatchObject([
    { detail: expect.stringContaining('deployments/blue is absent') },
  ]);
  expect(missingResources(spec, [...existing, { ...last, state: 'Failed' }])).toHaveLength(1);
});

it('reports a run command without a deletion', () => {
  const id = `${groupOf(name)}/providers/Microsoft.Compute/virtualMachines/vm-abcd/runCommands/setUp-provision-1-1`;
  const resources = [{ id, type: 'Microsoft.Compute/virtualMachines/runCommands', state: 'Succeeded' }];
  const deletion = { kind: 'delete', resourceId: id, outcome: 'Failed' } as EmulatedOperation;
  expect(remainingRunCommands(name, resources, [])).toHaveLength(1);
  expect(remainingRunCommands(name, resources, [deletion])).toEqual([]);
});

it('reports an unfinished run of a deleted environment', () => {
  const run = { id: 'provision-1', outcome: 'running', finishedAt: null } as RunRecord;
  expect(unfinishedRuns({ name, state: 'deleted' } as Environment, [run])).toHaveLength(1);
  expect(unfinishedRuns({ name, state: 'provisioning' } as Environment, [run])).toEqual([]);
});

it('reports kills, faults, secrets and runs that did not occur', () => {
  expect(details(active, enabled, { reset: 3 })).toEqual([]);
  expect(details({ ...active, kills: { worker: 0 } }, enabled, {})).toEqual(['no kills']);
  expect(details({ ...active, kills: {} }, { ...enabled, kills: false }, {})).toEqual([]);
  expect(details(active, enabled, { reset: 0, 503: 4 })).toEqual(['no reset']);
  expect(details({ ...active, completed: 6, runs: 6 }, enabled, { reset: 0 })).toEqual([]);
  expect(details({ ...active, secretsKnown: 0 }, enabled, {})).toEqual(['no secrets']);
  expect(details({ ...active, completed: 50 }, enabled, {})).toEqual(['50 of 51 runs']);
  expect(details({ ...active, completed: 50 }, { ...enabled, stoppedEarly: true }, {})).toEqual([]);
});

it('reports ignored refusals beyond the share that kills explain', () => {
  expect(ignoredRefusalFindings({ refused: 10, ignoredRefusals: 1 })).toEqual([]);
  expect(ignoredRefusalFindings({ refused: 100, ignoredRefusals: 5 })).toEqual([]);
  expect(ignoredRefusalFindings({ refused: 10, ignoredRefusals: 2 })).toHaveLength(1);
});
