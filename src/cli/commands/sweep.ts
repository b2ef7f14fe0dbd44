import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { approveSweep, getSweep, getSweepSchedule, listSweeps, startSweep } from '../../client/index.ts';
import type { Sweep, SweepSummary } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { addCommand, setAction, withWait } from '../command.ts';
import { untilDetached } from '../detach.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import type { Output } from '../output/output.ts';
import { agoText, tableLines } from '../output/text.ts';
import { sweepLines } from './sweepLines.ts';

const pollMs = 1_000;

async function readSweep(api: Api, id: string): Promise<Sweep> {
  return (await getSweep({ ...api, path: { id } })).data;
}

/** Waits for the end of a sweep. Without a worker, it starts later. */
async function awaitSweep(api: Api, id: string): Promise<Sweep> {
  return untilDetached(`moat sweep show ${id}`, async (signal) => {
    for (;;) {
      const sweep = await readSweep(api, id);
      if (sweep.state !== 'running') return sweep;
      await sleep(pollMs, undefined, { signal });
    }
  });
}

/** Prints a sweep that was started, at its end unless `wait` is false. */
async function finish(api: Api, started: SweepSummary, output: Output, wait: boolean): Promise<ExitCode> {
  if (!wait) {
    output.result(started, [`Sweep ${started.id} has started. See it with: moat sweep show ${started.id}`]);
    return exitCodes.done;
  }
  return printSweep(await awaitSweep(api, started.id), output);
}

function printSweep(sweep: Sweep, output: Output): ExitCode {
  output.result(sweep, sweepLines(sweep, output.colors));
  return sweep.state === 'stopped' || sweep.state === 'failed' ? exitCodes.failed : exitCodes.done;
}

function addList(sweep: Command): void {
  const command = addCommand(sweep, 'ls', {
    summary: 'List recent sweeps and the next one',
    examples: [['moat sweep ls', 'newest first']],
  });
  setAction(command, async ({ output, connect }) => {
    const { api } = await connect();
    const { data } = await listSweeps(api);
    const { data: schedule } = await getSweepSchedule(api);
    const rows = data.items.map(({ id, state, dryRun, startedAt, counts }) => [
      id,
      dryRun ? `${state}, dry run` : state,
      agoText(startedAt),
      `${counts.mark} marked, ${counts.tearDown} torn down, ${counts.due} due`,
    ]);
    output.result({ ...data, schedule }, tableLines([['SWEEP', 'STATE', 'STARTED', 'RESULT'], ...rows]));
    output.note(schedule.nextRunAt === null ? 'No sweep is scheduled.' : `Next sweep: ${schedule.nextRunAt}.`);
  });
}

function addShowSweep(sweep: Command): void {
  const command = addCommand(sweep, 'show <id>', {
    summary: 'Show a sweep with its lists',
    details: 'The exit code is 1 where it has stopped or failed.',
    examples: [['moat sweep show sweep-7', 'what it did with each environment, and why']],
  });
  setAction(command, async ({ output, connect }, [id]) =>
    printSweep(await readSweep((await connect()).api, id!), output),
  );
}

function addApprove(sweep: Command): void {
  const command = addCommand(sweep, 'approve <id>', {
    summary: 'Tear down what a stopped sweep has listed as due',
    details: 'Every environment is checked again, and the cap applies.',
    examples: [['moat sweep approve sweep-7', 'when moat sweep show sweep-7 is as expected']],
  });
  setAction<{ wait: boolean }>(withWait(command), async ({ output, connect }, [id], { wait }) => {
    const { api } = await connect();
    const { data } = await approveSweep({ ...api, path: { id: id! } });
    return finish(api, data, output, wait);
  });
}

/** `moat sweep`: starts a sweep; `ls`, `show` and `approve` work with sweeps. */
export function addSweep(program: Command): void {
  const command = addCommand(program, 'sweep', {
    summary: 'Start a sweep now: mark and tear down what has expired',
    details: 'The exit code is 1 where a safety check stopped it.',
    examples: [
      ['moat sweep --dry-run', 'the plan that a sweep would execute'],
      ['moat sweep ls', 'recent sweeps'],
    ],
  }).option('--dry-run', 'only report what a sweep would do');
  setAction<{ wait: boolean; dryRun?: boolean }>(
    withWait(command),
    async ({ output, connect }, _, { wait, dryRun = false }) => {
      const { api } = await connect();
      const { data } = await startSweep({ ...api, body: { dryRun } });
      return finish(api, data, output, wait);
    },
  );
  addList(command);
  addShowSweep(command);
  addApprove(command);
}
