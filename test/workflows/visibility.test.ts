import { defineQuery } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { EnvironmentFilter } from '../../src/temporal/contracts.ts';
import { environmentWorkflowId, runWorkflowId } from '../../src/workflows/messages.ts';
import { searchAttributes } from '../../src/workflows/searchAttributes.ts';
import type { WorkflowHarness } from './workflowHarness.ts';
import { startWorkflowHarness, until } from './workflowHarness.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import { holdCall, inProgress } from './fakeArm.ts';
import { refNamed } from './fixtures.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'visible');
  await moat.create('visible');
  await moat.untilState('visible', 'ready');
});
afterAll(() => moat.close());

interface Metadata {
  currentDetails?: string;
}
const metadataQuery = defineQuery<Metadata>('__temporal_workflow_metadata');
const handle = (workflowId: string) => moat.client.workflow.getHandle(workflowId);

describe('the Temporal UI shows', () => {
  it('the search attributes, summary and current details of an environment', async () => {
    const { lease } = await moat.environments.get('visible');
    const workflow = handle(environmentWorkflowId('visible'));
    const { typedSearchAttributes, staticSummary } = await workflow.describe();
    const { environment, owner, state, expiresAt } = searchAttributes;
    expect([environment, owner, state].map((key) => typedSearchAttributes.get(key))).toEqual([
      'visible',
      'ana@example.com',
      'ready',
    ]);
    expect(typedSearchAttributes.get(expiresAt)?.toISOString()).toBe(lease.expiresAt);
    expect(await staticSummary()).toBe('isolated endpoint in westus2');
    const { currentDetails } = await workflow.query(metadataQuery);
    expect(currentDetails).toContain('### visible: ready');
    expect(currentDetails).toContain('No run in progress.');
  });

  it('the steps of a run with their states and resources', async () => {
    const child = handle(runWorkflowId('visible', 'provision-1'));
    expect(await (await child.describe()).staticSummary()).toBe('provision-1 of visible');
    const { currentDetails } = await child.query(metadataQuery);
    expect(currentDetails).toContain('### Provisioning visible');
    expect(currentDetails).toMatch(/\| network \| succeeded \| (\d+) of \1 \|/);
  });

  it('pending activities by the keys of their resources', async () => {
    const arm = moat.arm('pending');
    const { behaviour, reached, release } = holdCall();
    arm.onNextCalls('observeResource registry', behaviour);
    await moat.create('pending');
    await reached;
    const child = handle(runWorkflowId('pending', 'provision-1'));
    const { pendingActivities } = (await child.describe()).raw;
    expect(pendingActivities?.map(({ activityId }) => activityId)).toContain('workspace:ensure:registry');
    release();
    await moat.untilState('pending', 'ready');
  });

  it('an environment in a search by its state', async () => {
    const query = `MoatEnvironment = 'visible' AND MoatState = 'ready'`;
    await until('the list has the environment', async () => {
      const workflowIds = [];
      for await (const { workflowId } of moat.client.workflow.list({ query })) workflowIds.push(workflowId);
      return workflowIds.includes(environmentWorkflowId('visible'));
    });
  });
});

describe('progress', () => {
  it('reports a step that is waiting on Azure', async () => {
    const arm = moat.arm('slow');
    arm.onEveryCall('observeResource registry', inProgress);
    await moat.create('slow');
    const [registry, vault] = (['registry', 'vault'] as const).map((key) => plannedResource(refNamed('slow'), key).id);
    const { steps, run } = await moat.untilEnvironment('slow', ({ steps }) =>
      steps.some(({ resources }) => resources.some(({ id, state }) => id === vault && state === 'Succeeded')),
    );
    expect(run).toMatchObject({ id: 'provision-1', kind: 'provision' });
    expect(steps.find(({ id }) => id === 'workspace')).toMatchObject({
      state: 'running',
      reason: 'WaitingOnAzure',
      attempt: 1,
      resources: expect.arrayContaining([
        expect.objectContaining({ id: registry, state: 'Creating' }),
        expect.objectContaining({ id: vault, state: 'Succeeded' }),
      ]) as unknown,
    });
    arm.onEveryCall('observeResource registry', undefined);
    await moat.untilState('slow', 'ready');
  });

  it('is streamed until the run ends, each state once', async () => {
    await moat.create('streamed');
    const events = await moat.environments.watch('streamed', undefined, new AbortController().signal);
    const received = [];
    for await (const event of events!) received.push(event);
    expect(received.at(-1)?.environment.state).toBe('ready');
    expect(new Set(received.map(({ id }) => id)).size).toBe(received.length);
    expect(
      await moat.environments.watch('streamed', received.at(-1)!.id, new AbortController().signal),
    ).toBeUndefined();
  });

  it('a list shows changes of state and lease', async () => {
    const owner = 'cleo@example.com';
    const untilListed = (filter: Partial<EnvironmentFilter>, names: string[]) =>
      until(`${JSON.stringify(filter)} lists ${names.join()}`, async () => {
        const { items } = await moat.environments.list({ owner, limit: 10, ...filter });
        return items.map(({ name }) => name).join() === names.join();
      });
    await moat.createReady('listed1', {}, { owner });
    await moat.createReady('listed2', { markedAt: '2026-11-01T00:00:00.000Z' }, { owner });
    await untilListed({ state: 'ready', protected: false }, ['listed2', 'listed1']);
    await untilListed({ marked: true }, ['listed2']);
    await moat.environments.change('listed2', { protected: true, reason: 'demo' }, undefined);
    await untilListed({ protected: true, marked: false }, ['listed2']);
    await moat.environments.remove('listed1');
    await moat.untilState('listed1', 'deleted');
    await untilListed({}, ['listed2']);
    await untilListed({ state: 'deleted' }, ['listed1']);
  });

  it('readiness reports a reachable Temporal server and a polling worker', async () => {
    expect(await moat.environments.readiness()).toEqual({ temporal: true, worker: true });
  });
});
