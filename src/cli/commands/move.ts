import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { cancelMove, confirmMove, getMove, moveEnvironment } from '../../client/index.ts';
import type { Move } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { addCommand, setAction, withWait } from '../command.ts';
import { confirmName } from '../confirm.ts';
import { CliError } from '../cliError.ts';
import { untilDetached } from '../detach.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { readChanges, withChangeOptions } from '../spec/specOptions.ts';

const pollMs = 1_000;

/** States in which nothing happens without a further request. */
const settled: readonly Move['state'][] = ['waiting', 'done', 'failed', 'cancelled'];

interface Options {
  wait: boolean;
  confirm?: boolean;
  cancel?: boolean;
  yes?: boolean;
}

/** Polls until the move is in one of these states. */
const follow = (api: Api, name: string, states: readonly Move['state'][]): Promise<Move> =>
  untilDetached(`moat move ${name}`, async (signal) => {
    for (;;) {
      const { data: move } = await getMove({ ...api, path: { name } });
      if (states.includes(move.state)) return move;
      await sleep(pollMs, undefined, { signal });
    }
  });

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 80);

function moveLines({ from, to, state, scoringUris, comparison, failure }: Move): string[] {
  return [
    `${from} to ${to}: ${state}`,
    `${from}: ${scoringUris.from ?? 'not known yet'}`,
    `${to}: ${scoringUris.to ?? 'not known yet'}`,
    ...(comparison
      ? [`Answers: ${comparison.difference ? 'they differ' : 'they agree'}: ${shown(comparison.to.body)}`]
      : []),
    ...(failure ? [failure.message, `Remedy: ${failure.remedy}`] : []),
    ...(state === 'waiting' ? [`Hand over with: moat move ${from} --confirm`] : []),
  ];
}

/** Starts, confirms or cancels the move, or reads it. */
async function request(
  api: Api,
  [name, to]: readonly [string, string | undefined],
  options: Options & Record<string, unknown>,
): Promise<Move> {
  const path = { name };
  const { confirm = false, cancel = false, yes } = options;
  if (cancel && (confirm || to !== undefined))
    throw new CliError(exitCodes.usage, '--cancel excludes a new name and --confirm.');
  if (confirm) await confirmName(name, yes);
  if (cancel) return (await cancelMove({ ...api, path })).data;
  if (to !== undefined) {
    const changes = readChanges(options);
    return (await moveEnvironment({ ...api, path, body: { to, changes, confirm } })).data;
  }
  return (await (confirm ? confirmMove : getMove)({ ...api, path })).data;
}

const exitCodeOf = ({ state }: Move, { cancel = false }: Options): ExitCode =>
  state === 'failed' || (state === 'cancelled' && !cancel) ? exitCodes.failed : exitCodes.done;

/** `moat move`: moves an environment to a new one beside it. */
export function addMove(program: Command): void {
  const command = addCommand(program, 'move <name> [to]', {
    summary: 'Move an environment to a new one, or show its move',
    details:
      'Provisions the new environment beside the old one, scores the same request at both and compares the answers. The old one is torn down only after --confirm, and only where the answers agree. The exit code is 1 where it is not moved.',
    examples: [
      ['moat move churn1 churn2 --isolation managedNetwork', 'ends when the answers agree, and asks for --confirm'],
      ['moat move churn1 --confirm --yes', 'tears the old environment down'],
      ['moat move churn1 --cancel', 'both environments stay'],
    ],
  })
    .option('--confirm', 'tear the old environment down as soon as the answers agree')
    .option('--cancel', 'end the move; both environments stay')
    .option('-y, --yes', 'do not ask before --confirm');
  setAction<Options & Record<string, unknown>>(
    withChangeOptions(withWait(command)),
    async ({ output, connect }, [name, to], options) => {
      const { api } = await connect();
      const requested = await request(api, [name!, to], options);
      const isRequest = to !== undefined || options.confirm === true;
      const states = requested.confirmedBy === null ? settled : settled.filter((one) => one !== 'waiting');
      const move = isRequest && options.wait ? await follow(api, name!, states) : requested;
      output.result(move, moveLines(move));
      return exitCodeOf(move, options);
    },
  );
}
