import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import { loadConfig } from '../../config.ts';
import { buildEmulator } from '../../emulator/server.ts';
import type { Emulator, EmulatorOptions } from '../../emulator/server.ts';
import { lockDataDir } from '../dataDirLock.ts';
import { UnrecoverableError, withPortRemedy } from '../processErrors.ts';
import { reportReady } from '../process.ts';
import { shutDownOnSignal } from '../shutdown.ts';

/** Starts the emulator. A restart may help when a port is in use, but not when the state is unusable: that is an UnrecoverableError. */
async function start(options: EmulatorOptions): Promise<Emulator> {
  try {
    return await buildEmulator(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw withPortRemedy(error as Error, 'MOAT_EMULATOR_PORT');
    throw new UnrecoverableError(`Emulator state in ${options.dataDir} is unusable`, { cause: error });
  }
}

/** Runs the emulator until a stop signal. */
export async function serve(logger: Logger): Promise<void> {
  const config = loadConfig(undefined, (message) => logger.warn(message));
  const { target } = config;
  await lockDataDir(config.dataDir, 'emulator', 'the emulator');
  const emulator = await start({
    ...config.emulator,
    dataDir: config.dataDir,
    subscriptionIds: config.subscriptionIds,
    ...(target.kind === 'emulator' && { timeScale: target.timeScale }),
    log: ({ level, message }) => (level === 'error' ? logger.error(message) : undefined),
  });
  // Half the memory for a tenth more processor time. Not before, since it slows the start.
  setFlagsFromString('--optimize-for-size');
  shutDownOnSignal([{ name: 'closeServer', limitMs: 5_000, run: () => emulator.close() }], (line) => logger.info(line));
  reportReady(logger, `${emulator.url}, certificate authority ${emulator.caPath}`);
}
