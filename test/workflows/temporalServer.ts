import { once } from 'node:events';
import { nextFreePort } from '../../src/main/ports.ts';
import { spawnDevServer, temporalAnswers } from '../../src/main/temporal/devServer.ts';
import { temporalExecutable } from '../../src/main/temporal/executable.ts';
import { waitFor } from '../../src/main/wait.ts';

export interface TemporalServer {
  address: string;
  stop: () => Promise<void>;
}

/** Starts a Temporal development server, in memory unless `databaseFile` is given. Ready when the promise resolves. */
export async function startTemporalServer(
  options: { dynamicConfig?: string[]; databaseFile?: string } = {},
): Promise<TemporalServer> {
  const executable = await temporalExecutable((line) => console.log(line));
  // The search for a free port begins at random, so that test runs that start together do not choose the same one.
  const port = await nextFreePort(20_000 + Math.floor(Math.random() * 10_000));
  const address = `127.0.0.1:${port}`;
  const { dynamicConfig, databaseFile: file } = options;
  const server = spawnDevServer({ executable, port, ...(dynamicConfig && { dynamicConfig }), ...(file && { file }) });
  const exited = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill();
    await exited;
  };
  try {
    await waitFor({ what: `Temporal at ${address}`, limit: 30_000 }, async () => {
      if (server.exitCode !== null) throw new Error('the Temporal development server exited');
      return (await temporalAnswers({ address }, 1_000)) || undefined;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { address, stop };
}
