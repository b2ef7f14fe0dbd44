import { defineQuery } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { environmentWorkflowId, runWorkflowId, searchAttributes } from '../../src/workflows/messages.ts';
import type { Workflows } from './harness.ts';
import { startWorkflows, until } from './harness.ts';
import { gate, inProgress } from './world.ts';

let moat: Workflows;
beforeAll(async () => {
  moat = await startWorkflows(inject('temporal').address, 'visible');
});
afterAll(() => moat.close());

interface Metadata {
  currentDetails?: string;
}
const metadataQuery = defineQuery<Metadata>('__temporal_workflow_metadata');
const handle = (workflowId: string) => moat.client.workflow.getHandle(workflowId);

describe('Temporal’s own page tells the story', () => {
  it('of an environment: search attributes, summary and current details', async () => {
    await moat.create('told');
    const { lease } = await moat.untilState('told', 'ready');
    const own = handle(environmentWorkflowId('told'));
    const { typedSearchAttributes, staticSummary } = await own.describe();
    const { environment, owner, state, expiresAt } = searchAttributes;
    expect([environment, owner, state].map((key) => typedSearchAttributes.get(key))).toEqual([
      'told',
      'ana@example.com',
      'ready',
    ]);
    expect(typedSearchAttributes.get(expiresAt)?.toISOString()).toBe(lease.expiresAt);
    expect(await staticSummary()).toBe('isolated endpoint in westus2');
    const { currentDetails } = await own.query(metadataQuery);
    expect(currentDetails).toContain('### told: ready');
    expect(currentDetails).toContain('No run in progress.');
  });

  it('of a run: its steps with their states and resources', async () => {
    const child = handle(runWorkflowId('told', 'provision-1'));
    expect(await (await child.describe()).staticSummary()).toBe('provision-1 of told');
    const { currentDetails } = await child.query(metadataQuery);
    expect(currentDetails).toContain('### Provisioning told');
    expect(currentDetails).toMatch(/\| network \| succeeded \| (\d+) of \1 \|/);
  });

  it('of what is at work, by the names of resources', async () => {
    const world = moat.world('atwork');
    const { behaviour, reached, open } = gate();
    world.script('observeResource registry', behaviour);
    await moat.create('atwork');
    await reached;
    const child = handle(runWorkflowId('atwork', 'provision-1'));
    const { pendingActivities } = (await child.describe()).raw;
    expect(pendingActivities?.map(({ activityId }) => activityId)).toContain('workspace:observe:registry');
    open();
    await moat.untilState('atwork', 'ready');
  });

  it('is searched by state', async () => {
    const query = `MoatEnvironment = 'told' AND MoatState = 'ready'`;
    await until('the environment is found', async () => {
      const found = [];
      for await (const { workflowId } of moat.client.workflow.list({ query })) found.push(workflowId);
      return found.includes(environmentWorkflowId('told'));
    });
  });
});

describe('progress', () => {
  it('says of a step what Azure is still at', async () => {
    const world = moat.world('slow');
    world.always('observeResource registry', inProgress);
    await moat.create('slow');
    const { steps, run } = await moat.untilEnvironment('slow', ({ steps }) =>
      steps.some(({ reason }) => reason === 'WaitingOnAzure'),
    );
    expect(run).toMatchObject({ id: 'provision-1', kind: 'provision' });
    expect(steps.find(({ id }) => id === 'workspace')).toMatchObject({
      state: 'running',
      reason: 'WaitingOnAzure',
      attempt: 1,
    });
    world.always('observeResource registry', undefined);
    await moat.untilState('slow', 'ready');
  });

  it('is followed to its end, each state once', async () => {
    await moat.create('followed');
    const events = await moat.environments.watch('followed', undefined, new AbortController().signal);
    const seen = [];
    for await (const event of events!) seen.push(event);
    expect(seen.at(-1)?.environment.state).toBe('ready');
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(await moat.environments.watch('followed', seen.at(-1)!.id, new AbortController().signal)).toBeUndefined();
  });

  it('lists environments, newest first, by state and owner, page by page', async () => {
    await moat.standing('listed1', {}, { owner: 'cleo@example.com' });
    await moat.standing('listed2', {}, { owner: 'cleo@example.com' });
    const mine = await until('both are listed', async () => {
      const { items } = await moat.environments.list({ owner: 'cleo@example.com', limit: 10 });
      return items.length === 2 && items;
    });
    expect(mine.map(({ name }) => name)).toEqual(['listed2', 'listed1']);
    const first = await moat.environments.list({ owner: 'cleo@example.com', state: 'ready', limit: 1 });
    const second = await moat.environments.list({ owner: 'cleo@example.com', limit: 1, cursor: first.nextCursor! });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(['listed2', 'listed1']);
    expect(second.nextCursor).toBeNull();
  });

  it('says that Temporal answers and a worker polls', async () => {
    expect(await moat.environments.readiness()).toEqual({ temporal: true, worker: true });
  });
});
