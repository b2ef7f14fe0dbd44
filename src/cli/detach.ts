import { CliError } from './cliError.ts';
import { exitCodes } from './exitCodes.ts';

/** Why a command stopped following a run. */
class Detached extends CliError {
  constructor(resume: string) {
    super(exitCodes.detached, `Detached: what is in progress continues. Follow it with: ${resume}`);
  }

  override lines(): string[] {
    return [this.message];
  }
}

/** Calls `follow` with a signal that Ctrl-C aborts. `resume` is the command that follows the same again. */
export async function untilDetached<T>(resume: string, follow: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const detached = new AbortController();
  const detach = (): void => detached.abort(new Detached(resume));
  process.on('SIGINT', detach);
  try {
    return await follow(detached.signal);
  } catch (error) {
    throw detached.signal.aborted ? detached.signal.reason : error;
  } finally {
    process.off('SIGINT', detach);
  }
}
