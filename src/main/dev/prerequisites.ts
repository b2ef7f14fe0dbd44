import { Client, Connection } from '@temporalio/client';
import type { Config } from '../../config.ts';
import { claimNamespace, installationIdOf } from '../../temporal/installation.ts';
import { portIsFree } from '../ports.ts';
import { temporalAnswers } from '../temporal/devServer.ts';
import { configuredConnection } from '../temporal/connection.ts';
import type { TemporalConnection } from '../temporal/connection.ts';
import { temporalExecutable } from '../temporal/executable.ts';
import { waitFor } from '../wait.ts';
import { checkTemporalDatabase } from './temporalDatabase.ts';
import { progressLine } from '../../cli/output/terminal.ts';
import type { Terminal } from '../../cli/output/terminal.ts';
import { temporalPorts } from './temporalPorts.ts';
import type { TemporalPorts } from './temporalPorts.ts';

/** Throws an error that names the setting when the API's or the emulator's port stays in use. A Moat that is shutting down is awaited. */
export async function requirePorts(config: Config): Promise<void> {
  const needed: [string, number][] = [
    ['MOAT_PORT', config.api.port],
    ...(config.target.kind === 'emulator'
      ? ([['MOAT_EMULATOR_PORT', config.emulator.port]] as [string, number][])
      : []),
  ];
  for (const [setting, port] of needed) {
    await waitFor({ what: `port ${port}`, limit: 5_000 }, async () => (await portIsFree(port)) || undefined).catch(
      () => {
        throw new Error(`Port ${port} is in use. Stop the process that uses it, or set ${setting} to another port.`);
      },
    );
  }
}

/** The Temporal server to start; undefined when TEMPORAL_ADDRESS names a running one. Throws when that one belongs to another installation. */
export async function chooseTemporal(
  config: Config,
  terminal: Terminal,
): Promise<(TemporalPorts & { executable: string }) | undefined> {
  const configured = configuredConnection();
  if (configured) {
    if (await temporalAnswers(configured.connectionOptions, 5_000)) {
      await requireOwnNamespace(configured, config);
      return undefined;
    }
    terminal.line(
      `Temporal does not answer at ${configured.connectionOptions.address}; starting a development server.`,
    );
  }
  const executable = await temporalExecutable((line) => terminal.line(line), progressLine(terminal));
  terminal.draw([]);
  await checkTemporalDatabase(config.dataDir);
  return { executable, ...(await temporalPorts(config.dataDir)) };
}

async function requireOwnNamespace(
  { connectionOptions, namespace }: TemporalConnection,
  config: Config,
): Promise<void> {
  const connection = await Connection.connect(connectionOptions);
  try {
    const client = new Client({ connection, namespace });
    await claimNamespace(client, installationIdOf(config.sealKey), connectionOptions.address);
  } finally {
    await connection.close();
  }
}
