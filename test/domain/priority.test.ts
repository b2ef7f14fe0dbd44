import { expect, test } from 'vitest';
import { activityPriority, runPriority } from '../../src/domain/priority.ts';

const provision = (ownerIsBusy: boolean) => runPriority('provision', ownerIsBusy).priorityKey;
const activity = (step: 'resourceGroup' | 'network' | 'score') => activityPriority(provision(true), step)?.priorityKey;

test('Somebody who waits for a score goes first, then what frees costs, then provisioning.', () => {
  const keys = [runPriority('score', true), runPriority('teardown', true)].map(({ priorityKey }) => priorityKey);
  expect(keys).toEqual([1, 2]);
  expect(provision(false)).toBe(3);
});

test('Of an owner with many environments, a run that is further along goes first, and a new one last.', () => {
  expect([activity('score'), activity('network') ?? provision(true), activity('resourceGroup')]).toEqual([3, 4, 5]);
});

test('All activities of an owner’s few environments have the priority of their run.', () => {
  expect(activityPriority(provision(false), 'resourceGroup')).toBeUndefined();
  expect(provision(false)).toBeLessThan(provision(true));
});
