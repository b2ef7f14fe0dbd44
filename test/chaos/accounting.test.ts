import { expect, it } from 'vitest';
import { groupOf, lacking, leftCommands, openInternet, unfinished } from '../../chaos/accounting.ts';
import type { EmulatedOperation } from '../../chaos/emulator.ts';
import { subscriptionId } from '../../chaos/installation.ts';
import { idleIn, unheardIn } from '../../chaos/report.ts';
import type { Environment, RunRecord, Spec } from '../../src/domain/environment.ts';
import { environmentRefOf } from '../../src/domain/naming.ts';
import { buildInternetRule, plannedResources } from '../../src/domain/resources.ts';

const name = 'planted';
const spec = { name, location: 'westus2', suffix: 'abcd' } as Spec;
const site = environmentRefOf(subscriptionId, spec);
const there = plannedResources(site).map(({ id, type }) => ({ id, type, state: 'Succeeded' }));
const idle = { told: 51, runs: 51, kills: { worker: 1 }, secretsKnown: 1 };
const on = { kills: true, faults: true, woundDown: false };
const details = (...args: Parameters<typeof idleIn>): string[] => idleIn(...args).map(({ detail }) => detail);

it('a build-time Internet rule that is open is found, of this environment only', () => {
  const { id, type } = buildInternetRule(site);
  const resources = [...there, { id, type, state: 'Succeeded' }];
  expect(openInternet(name, resources)).toMatchObject([{ kind: 'openInternet', name }]);
  expect(openInternet('another', resources)).toEqual([]);
});

it('an environment that says ready with a resource absent or failed is found', () => {
  expect(lacking(spec, there)).toEqual([]);
  const last = there.at(-1)!;
  expect(lacking(spec, there.slice(0, -1))).toMatchObject([
    { detail: expect.stringContaining('deployments/blue absent') },
  ]);
  expect(lacking(spec, [...there, { ...last, state: 'Failed' }])).toHaveLength(1);
});

it('a run command that nobody has begun to delete is found', () => {
  const id = `${groupOf(name)}/providers/Microsoft.Compute/virtualMachines/vm-abcd/runCommands/setUp-provision-1-1`;
  const resources = [{ id, type: 'Microsoft.Compute/virtualMachines/runCommands', state: 'Succeeded' }];
  const deletion = { kind: 'delete', resourceId: id, outcome: 'Failed' } as EmulatedOperation;
  expect(leftCommands(name, resources, [])).toHaveLength(1);
  expect(leftCommands(name, resources, [deletion])).toEqual([]);
});

it('a run that a deleted environment shows as still at work is found', () => {
  const run = { id: 'provision-1', outcome: 'running', finishedAt: null } as RunRecord;
  expect(unfinished({ name, state: 'deleted' } as Environment, [run])).toHaveLength(1);
  expect(unfinished({ name, state: 'provisioning' } as Environment, [run])).toEqual([]);
});

it('kills, faults, secrets and runs of which there were none are found', () => {
  expect(details(idle, on, { reset: 3 })).toEqual([]);
  expect(details({ ...idle, kills: { worker: 0 } }, on, {})).toEqual(['no kills']);
  expect(details({ ...idle, kills: {} }, { ...on, kills: false }, {})).toEqual([]);
  expect(details(idle, on, { reset: 0, 503: 4 })).toEqual(['no reset']);
  expect(details({ ...idle, told: 6, runs: 6 }, on, { reset: 0 })).toEqual([]);
  expect(details({ ...idle, secretsKnown: 0 }, on, {})).toEqual(['no secrets']);
  expect(details({ ...idle, told: 50 }, on, {})).toEqual(['50 of 51 runs']);
  expect(details({ ...idle, told: 50 }, { ...on, woundDown: true }, {})).toEqual([]);
});

it('refusals that come to nothing more often than kills explain are found', () => {
  expect(unheardIn({ refused: 10, unheard: 1 })).toEqual([]);
  expect(unheardIn({ refused: 100, unheard: 5 })).toEqual([]);
  expect(unheardIn({ refused: 10, unheard: 2 })).toHaveLength(1);
});
