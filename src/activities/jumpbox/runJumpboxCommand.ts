import { usualMinSeconds } from '../../domain/durations.ts';
import type { CommandResults } from '../../jumpbox/commandOutcome.ts';
import type { OperationParts, Started } from '../operationActivity.ts';
import { beginJumpboxCommand, commandMinutes, commandStartMinutes, observeJumpboxCommand } from './jumpboxCommands.ts';
import type { BeginJumpboxCommandInput } from './jumpboxCommands.ts';

/**
 * Runs a script on the jumpbox as a managed run command, and waits for its outcome. The workflow repeats a failed one under another name, and
 * deletes the run command in any case.
 */
export const jumpboxRun: OperationParts<BeginJumpboxCommandInput, CommandResults[keyof CommandResults], Started> = {
  async begin(deps, input) {
    const { id } = await beginJumpboxCommand(deps, input);
    return { started: { id, token: null, state: 'Creating', retryAfterMs: deps.azure.delayMs(firstPollSeconds) } };
  },
  poll: (deps, { command }, { id }) => observeJumpboxCommand(deps, { id, command }),
  label: ({ name }) => `run command ${name}`,
  beginMinutes: () => commandStartMinutes,
  pollMinutes: ({ command }) => commandMinutes(command),
  usualMinSeconds: ({ command }) => usualMinSeconds(`run:${command === 'scoreSample' ? 'score' : command}`),
  repeats: () => false,
};

/** No script ends earlier: its start alone takes longer. */
const firstPollSeconds = 5;
