import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { getEnvironment, listRuns, verifyEnvironment } from '../../client/index.ts';
import type { RunRecord } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { addCommand, setAction, withWait } from '../command.ts';
import { untilDetached } from '../detach.ts';
import { exitCodes } from '../exitCodes.ts';
import { failureLines, proofLines } from '../progress/outcome.ts';

const pollMs = 1_000;

async function verifyRuns(api: Api, name: string): Promise<RunRecord[]> {
  const { data } = await listRuns({ ...api, path: { name } });
  return data.items.filter(({ kind }) => kind === 'verify');
}

/** Waits for the end of the verify run that is not among the earlier ones. Without a worker, it starts later. */
async function awaitRun(api: Api, name: string, earlier: ReadonlySet<string>): Promise<RunRecord> {
  return untilDetached(`moat watch ${name}`, async (signal) => {
    for (;;) {
      const run = (await verifyRuns(api, name)).find(({ id }) => !earlier.has(id));
      if (run && run.outcome !== 'running') return run;
      await sleep(pollMs, undefined, { signal });
    }
  });
}

/** `moat verify`: proves the isolation now. */
export function addVerify(program: Command): void {
  const command = addCommand(program, 'verify <name>', {
    summary: 'Prove the isolation now',
    details: 'Takes a minute or two on Azure. The exit code is 1 where the isolation is broken.',
    examples: [
      ['moat verify churn1', 'waits for the proof and prints what did not pass'],
      ['moat verify churn1 && moat proof churn1 --html -o proof.html', 'and saves it, signed'],
    ],
  });
  setAction<{ wait: boolean }>(withWait(command), async ({ output, connect }, [name], { wait }) => {
    const { api } = await connect();
    const path = { name: name! };
    const earlier = new Set((await verifyRuns(api, path.name)).map(({ id }) => id));
    const { data: requested } = await verifyEnvironment({ ...api, path });
    if (!wait) return output.result(requested, [`The proof of ${path.name} has started.`]);
    if (output.terminal.isTerminal) output.note(`Proving the isolation of ${path.name}.`);
    const run = await awaitRun(api, path.name, earlier);
    const { data: environment } = await getEnvironment({ ...api, path });
    const proof = environment.proof === null ? [] : proofLines(environment.proof, output.colors);
    output.result(run, [...(run.failure === null ? [] : failureLines(run.failure, output.colors)), ...proof]);
    return run.outcome === 'succeeded' ? exitCodes.done : exitCodes.failed;
  });
}
