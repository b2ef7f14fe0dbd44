import { describe, expect, it } from 'vitest';
import { plannedResources } from '../../src/domain/resources.ts';
import { stepIds, steps } from '../../src/domain/steps.ts';
import { pendingStep, stepMemoKey } from '../../src/domain/progress.ts';

describe('the nine steps', () => {
  it('each have an id of their own', () => {
    expect(new Set(stepIds).size).toBe(9);
    expect(new Set(stepIds.map(stepMemoKey)).size).toBe(9);
  });

  it('need only earlier steps', () => {
    for (const [i, { id, needs }] of steps.entries())
      for (const need of needs) expect(stepIds.slice(0, i), `${id} needs ${need}`).toContain(need);
  });

  it('own every planned resource, in their order', () => {
    const ref = { subscriptionId: 's', name: 'churn1', location: 'westus2', suffix: 'abc' };
    const order = plannedResources(ref).map(({ step }) => stepIds.indexOf(step));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order).not.toContain(-1);
  });

  it('are pending with no attempt before they begin', () => {
    expect(pendingStep('network')).toMatchObject({ state: 'pending', attempt: 0, since: null, resources: [] });
  });
});
