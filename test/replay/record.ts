/** Records the histories that are missing, of every workflow type in every ending: `node test/replay/record.ts`. */
import { once } from 'node:events';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Lease } from '../../src/domain/environment.ts';
import type { WebhookEvent } from '../../src/domain/webhookEvent.ts';
import { leaseTags } from '../../src/domain/lease.ts';
import type { SweepSettings } from '../../src/domain/sweep/gateway.ts';
import { createSweeps } from '../../src/temporal/sweeps.ts';
import { nextFreePort } from '../../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../../src/main/temporal/executable.ts';
import { waitFor } from '../../src/main/wait.ts';
import { environmentWorkflowId, runWorkflowId, taskQueues } from '../../src/workflows/messages.ts';
import { hour, refNamed, sweepSettings } from '../workflows/fakes.ts';
import { startWorkflows } from '../workflows/harness.ts';
import type { Workflows } from '../workflows/harness.ts';
import { failing, gate, inProgress } from '../workflows/world.ts';
import { writeHistory } from './histories.ts';

async function keep(moat: Workflows, name: string, workflowId: string, runId?: string): Promise<void> {
  writeHistory(name, historyToJSON(await moat.client.workflow.getHandle(workflowId, runId).fetchHistory()));
}

/** Stood up, scored rightly and wrongly, and taken down. */
async function recordWhole(moat: Workflows): Promise<void> {
  await moat.create('whole');
  await moat.untilState('whole', 'ready');
  await moat.environments.score('whole', { data: [[1]] }, undefined);
  moat.world('whole').script('observeJumpboxCommand score', failing('AnswerTooLarge', 'too large'));
  await moat.environments.score('whole', { data: [[2]] }, undefined).catch(() => undefined);
  await keep(moat, 'environment-ready', environmentWorkflowId('whole'));
  await keep(moat, 'provision-completed', runWorkflowId('whole', 'provision-1'));
  await keep(moat, 'provision-inTurn', runWorkflowId('whole', 'provision-1'));
  await keep(moat, 'score-completed', runWorkflowId('whole', 'score-1'));
  await keep(moat, 'score-failed', runWorkflowId('whole', 'score-2'));
  await recordVerify(moat, 'completed');
  moat.world('whole').answers.verify.rows[0]!.addresses = ['20.1.2.3'];
  await recordVerify(moat, 'failed');
  await moat.environments.remove('whole');
  await moat.untilState('whole', 'deleted');
  await keep(moat, 'environment-deleted', environmentWorkflowId('whole'));
  await keep(moat, 'teardown-completed', runWorkflowId('whole', 'teardown-1'));
  await keep(moat, 'teardown-inTurn', runWorkflowId('whole', 'teardown-1'));
}

async function recordVerify(moat: Workflows, ending: 'completed' | 'failed'): Promise<void> {
  const workflowId = runWorkflowId('whole', `verify-${ending}`);
  const options = { workflowId, taskQueue: taskQueues.workflows };
  const args = [{ ref: refNamed('whole'), runId: 'verify-1' }];
  await moat.client.workflow.execute('verify', { ...options, args }).catch(() => undefined);
  await keep(moat, `verify-${ending}`, workflowId);
}

/** Score and proof that are stopped: by a teardown, and by hand. */
async function recordInterrupted(moat: Workflows): Promise<void> {
  const world = await moat.standing('interrupted');
  world.always('observeJumpboxCommand score', inProgress);
  world.always('observeJumpboxCommand verify', inProgress);
  const workflowId = runWorkflowId('interrupted', 'verify-1');
  const args = [{ ref: refNamed('interrupted'), runId: 'verify-1' }];
  const proof = await moat.client.workflow.start('verify', { workflowId, taskQueue: taskQueues.workflows, args });
  await moat.untilEnvironment('interrupted', () => world.called('observeJumpboxCommand verify'));
  await proof.cancel();
  await proof.result().catch(() => undefined);
  await keep(moat, 'verify-cancelled', workflowId);
  const answer = moat.environments.score('interrupted', { data: [[1]] }, undefined).catch(() => undefined);
  await moat.untilEnvironment('interrupted', () => world.called('observeJumpboxCommand score'));
  await moat.environments.remove('interrupted');
  await answer;
  await moat.untilState('interrupted', 'deleted');
  await keep(moat, 'score-cancelled', runWorkflowId('interrupted', 'score-1'));
}

/** Goes on in a new execution, because the server asks for it. */
async function recordContinued(moat: Workflows): Promise<void> {
  const workflowId = environmentWorkflowId('longlived');
  await moat.create('longlived');
  await moat.untilState('longlived', 'ready');
  const { runId } = await moat.client.workflow.getHandle(workflowId).describe();
  const latest = async () => (await moat.client.workflow.getHandle(workflowId).describe()).runId;
  while ((await latest()) === runId) await moat.environments.score('longlived', { data: [[1]] }, undefined);
  await keep(moat, 'environment-continuedAsNew', workflowId, runId);
  await moat.environments.remove('longlived');
  await moat.untilState('longlived', 'deleted');
  await keep(moat, 'environment-carried', workflowId);
}

/** Fails once in passing and then for good; asked for again and stopped; cannot be taken down. */
async function recordTroubled(moat: Workflows): Promise<void> {
  const world = moat.world('troubled');
  world.script('observeResource registry', failing('Transient', 'a bad minute', { retry: true }));
  world.script('observeResource deployment', failing('Quota', 'no cores left', { remedy: 'Request more quota.' }));
  await moat.create('troubled');
  await moat.untilState('troubled', 'failed');
  await keep(moat, 'environment-failed', environmentWorkflowId('troubled'));
  await keep(moat, 'provision-failed', runWorkflowId('troubled', 'provision-1'));

  world.always('observeResource deployment', inProgress);
  await moat.create('troubled');
  await moat.untilEnvironment('troubled', () => world.inputs('observeResource deployment').length > 1);
  await moat.environments.cancel('troubled', { teardown: false });
  await moat.untilState('troubled', 'cancelled');
  await keep(moat, 'environment-cancelled', environmentWorkflowId('troubled'));
  await keep(moat, 'provision-cancelled', runWorkflowId('troubled', 'provision-2'));

  world.always('deleteResource registry', failing('Blocked', 'a lock', { code: 'ScopeLocked' }));
  await moat.environments.remove('troubled');
  await moat.untilState('troubled', 'blocked');
  await keep(moat, 'environment-blocked', environmentWorkflowId('troubled'));
  await keep(moat, 'teardown-blocked', runWorkflowId('troubled', 'teardown-1'));
}

/** Marks one, tears down another, adopts a third, and stops where too many are due; the webhook is told. */
async function recordSwept(moat: Workflows, settings: SweepSettings, azure: { broken: boolean }): Promise<void> {
  const sweeps = createSweeps(moat.client);
  const over = async (name: string, markedAt: number | null): Promise<void> => {
    const expiresAt = utc(-9 * hour);
    const lease: Lease = {
      expiresAt,
      protected: false,
      reason: null,
      markedAt: markedAt === null ? null : utc(markedAt),
    };
    Object.assign(moat.world(name).group.tags, leaseTags(lease));
    await moat.standing(name, lease);
    await moat.untilState(name, 'expired');
  };
  const swept = async (ending: string, dryRun = false): Promise<void> => {
    const { id } = await sweeps.start(dryRun);
    await moat.client.workflow
      .getHandle(id)
      .result()
      .catch(() => undefined);
    await keep(moat, `sweepEnvironments-${ending}`, id);
  };
  await over('fresh', null);
  await over('stale', -8 * hour);
  await swept('completed');
  await moat.untilState('stale', 'deleted');
  await keep(moat, 'environment-expired', environmentWorkflowId('stale'));

  await over('halfway', -8 * hour);
  const { behaviour, reached, open } = gate();
  moat.world('halfway').script('deleteResource virtualMachine', behaviour);
  await sweeps.start(false);
  await reached;
  await moat.environments.change('halfway', { protected: true, reason: 'needed' }, undefined);
  open();
  await moat.untilState('halfway', 'cancelled');
  await keep(moat, 'environment-renewed', environmentWorkflowId('halfway'));
  await keep(moat, 'teardown-renewed', runWorkflowId('halfway', 'teardown-1'));

  const { group } = moat.world('orphan');
  group.exists = true;
  Object.assign(group.tags, { owner: 'ana', state: 'ready', expiresAt: utc(hour) });
  await swept('adopted');
  await moat.environments.remove('orphan');
  await moat.untilState('orphan', 'deleted');
  await keep(moat, 'environment-adopted', environmentWorkflowId('orphan'));

  await swept('dry', true);
  azure.broken = true;
  await swept('failed');
  azure.broken = false;
  for (let i = 0; i < 12; i++) await over(`due${i}`, -8 * hour);
  await swept('stopped');
  settings.mode = 'off';
  await swept('off');
  const event: WebhookEvent = {
    type: 'sweep.stopped',
    at: utc(0),
    environment: null,
    sweep: 'sweep-1',
    message: 'stopped',
  };
  const options = { workflowId: 'webhook-1', taskQueue: taskQueues.workflows };
  await moat.client.workflow.execute('deliverEvents', { ...options, args: [{ events: [{ id: '1', event }] }] });
  await keep(moat, 'deliverEvents-completed', options.workflowId);
}

/** Taken down by itself after a failure, and by who cancels; with the Internet rule locked, and closed for a run that was lost. */
async function recordUndone(moat: Workflows): Promise<void> {
  const failed = moat.world('undone');
  failed.script('observeResource deployment', failing('Quota', 'no cores left'));
  await moat.create('undone', { onFailure: 'teardown' });
  await moat.untilState('undone', 'deleted');
  await keep(moat, 'environment-tornDownOnFailure', environmentWorkflowId('undone'));

  const locked = moat.world('locked');
  locked.always('observeJumpboxCommand buildImage', inProgress);
  locked.always('deleteResource buildInternetRule', failing('Blocked', 'a lock', { code: 'ScopeLocked' }));
  await moat.create('locked');
  await moat.untilEnvironment('locked', () => locked.called('observeJumpboxCommand buildImage'));
  await moat.environments.cancel('locked', { teardown: false });
  await moat.untilState('locked', 'failed');
  await keep(moat, 'provision-leftOpen', runWorkflowId('locked', 'provision-1'));

  locked.always('deleteResource buildInternetRule', undefined);
  locked.script('ensureGroup', failing('Forbidden', 'not allowed to tag'));
  await moat.create('locked');
  await moat.untilState('locked', 'failed');
  await keep(moat, 'provision-closedAnEarlierOne', runWorkflowId('locked', 'provision-2'));

  const before = locked.inputs('observeJumpboxCommand buildImage').length;
  await moat.create('locked');
  await moat.untilEnvironment('locked', () => locked.inputs('observeJumpboxCommand buildImage').length > before);
  await moat.environments.cancel('locked', { teardown: true });
  await moat.untilState('locked', 'deleted');
  await keep(moat, 'environment-cancelledWithTeardown', environmentWorkflowId('locked'));
}

const utc = (fromNow: number): string => new Date(Date.now() + fromNow).toISOString();

const executable = await temporalExecutable((line) => console.log(line));

/** Has histories recorded on a Temporal server of their own. */
async function onTemporal(dynamicConfig: string[], work: (address: string) => Promise<void>): Promise<void> {
  const port = await nextFreePort(20_000 + Math.floor(Math.random() * 10_000));
  const address = `127.0.0.1:${port}`;
  const server = spawnDevServer({ executable, port, dynamicConfig });
  const ended = once(server, 'exit');
  try {
    await waitFor(
      { what: `Temporal at ${address}`, limit: 30_000 },
      async () => (await temporalAnswers({ address }, 1_000)) || undefined,
    );
    await work(address);
  } finally {
    server.kill();
    await ended;
  }
}

await onTemporal([], async (address) => {
  const settings = sweepSettings();
  const azure = { broken: false };
  const moat: Workflows = await startWorkflows(address, 'record', {
    settings,
    activities: {
      findGroups: async (input) => {
        if (azure.broken) await failing('Forbidden', 'not allowed to list groups')();
        return moat.fakes.findGroups(input);
      },
    },
  });
  try {
    await recordSwept(moat, settings, azure);
    settings.mode = 'on';
    await recordWhole(moat);
    await recordInterrupted(moat);
    await recordTroubled(moat);
    await recordUndone(moat);
  } finally {
    await moat.close();
  }
});
await onTemporal(['limit.historyCount.suggestContinueAsNew=60'], async (address) => {
  const moat = await startWorkflows(address, 'continued');
  try {
    await recordContinued(moat);
  } finally {
    await moat.close();
  }
});
