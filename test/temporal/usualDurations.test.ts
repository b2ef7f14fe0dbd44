import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { pendingStep, resourceMemoKey, stepMemoKey } from '../../src/domain/progress.ts';
import { createUsualDurations } from '../../src/temporal/usualDurations.ts';

/** A client whose list has runs of these seconds. */
const clientWith = (runs: [workflowId: string, seconds: number][], memo: object = {}) =>
  ({
    workflow: {
      async *list() {
        for (const [workflowId, seconds] of runs)
          yield { workflowId, memo, startTime: new Date(0), closeTime: new Date(1000 * seconds) };
      },
    },
  }) as unknown as Client;

const first = (seconds: number): [string, number] => [`environment-e${seconds}:provision:1`, seconds];
const resumed: [string, number] = ['environment-e1:provision:2', 1];
const facts = { findings: [], existing: {}, seconds: { min: 600, max: 1200 } };
/** newest first, as Temporal lists them */
const measured = [50, 10, 20, 30, 40, 60, 70, 80, 90, 1000].map(first);

it('is the range of at least nine complete first runs; a resumed run does not count', async () => {
  const usual = createUsualDurations(clientWith([resumed, ...measured]), 1);
  expect(await usual(facts, false)).toEqual({ minSeconds: 11.55, maxSeconds: 858.95, source: 'history', runs: 10 });
});

it('is the table, in the time of the target, with fewer runs or where something exists already', async () => {
  const table = { minSeconds: 10, maxSeconds: 20, source: 'table', runs: 0 };
  expect(await createUsualDurations(clientWith([resumed, ...measured.slice(2)]), 1 / 60)(facts, false)).toEqual(table);
  const usual = createUsualDurations(clientWith(measured), 1 / 60);
  expect(await usual({ ...facts, existing: { vault: 'adopt' } }, false)).toEqual(table);
});

it('is that of runs of the same method: a managed network takes longer', async () => {
  const network = [{ id: '/workspaces/mlw/managedNetworks/default', state: 'Succeeded' }];
  const memo = { [stepMemoKey('endpoint')]: pendingStep('endpoint'), [resourceMemoKey('endpoint', 0)]: network[0] };
  const usual = createUsualDurations(clientWith(measured, memo), 1);
  expect(await usual(facts, true)).toMatchObject({ source: 'history', runs: 10 });
  expect(await usual(facts, false)).toMatchObject({ source: 'table' });
  expect(await createUsualDurations(clientWith(measured), 1)(facts, true)).toMatchObject({ source: 'table' });
});
