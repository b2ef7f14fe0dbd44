import type { Command } from 'commander';
import { getRun, listRuns } from '../../client/index.ts';
import type { RunRecord } from '../../client/index.ts';
import { addCommand, setAction } from '../command.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Colors } from '../output/colors.ts';
import { agoText, durationText, tableLines } from '../output/text.ts';
import { failureLines } from '../progress/outcome.ts';

function rowOf({ id, kind, outcome, startedAt, finishedAt, requestedBy, failure }: RunRecord): string[] {
  const took = Date.parse(finishedAt ?? new Date().toISOString()) - Date.parse(startedAt);
  return [id, kind, outcome, agoText(startedAt), durationText(took), requestedBy ?? '-', failure?.code ?? ''];
}

const header = ['RUN', 'KIND', 'OUTCOME', 'STARTED', 'TOOK', 'BY', 'FAILURE'];

function runLines(run: RunRecord, colors: Colors): string[] {
  const receipt = run.receipt === null ? [] : JSON.stringify(run.receipt, undefined, 2).split('\n');
  return [
    ...tableLines([header, rowOf(run)]),
    ...(run.failure === null ? [] : failureLines(run.failure, colors)),
    ...receipt,
  ];
}

/** `moat runs`: the history of an environment. */
export function addRuns(program: Command): void {
  const command = addCommand(program, 'runs <name> [run]', {
    summary: 'List the runs of an environment, or show one with its receipt',
    examples: [
      ['moat runs churn1', 'the last 20'],
      ['moat runs churn1 provision-1', 'one, with its receipt; the exit code is 1 where it failed'],
    ],
  });
  setAction(command, async ({ output, connect }, [name, runId]) => {
    const { api } = await connect();
    if (runId === undefined) {
      const { data } = await listRuns({ ...api, path: { name: name! } });
      return output.result(data, tableLines([header, ...data.items.map(rowOf)]));
    }
    const { data: run } = await getRun({ ...api, path: { name: name!, runId } });
    output.result(run, runLines(run, output.colors));
    return run.outcome === 'failed' ? exitCodes.failed : exitCodes.done;
  });
}
