import type { Config } from '../../config.ts';
import { portIsFree } from '../ports.ts';
import { temporalAnswers } from '../temporal/devServer.ts';
import { temporalExecutable } from '../temporal/executable.ts';
import { configuredTemporal } from '../temporal/place.ts';
import { waitFor } from '../wait.ts';
import { temporalPorts } from './temporalPorts.ts';
import type { TemporalPorts } from './temporalPorts.ts';

/** Throws an error that names the setting when the API's or the emulator's port stays busy. A Moat that is just stopping is waited for. */
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
        throw new Error(
          `Port ${port} is in use: is another Moat running? Stop it, or choose another port with ${setting} (and another MOAT_DATA_DIR).`,
        );
      },
    );
  }
}

/** The Temporal server to run; undefined when TEMPORAL_ADDRESS names one that answers. */
export async function chooseTemporal(
  config: Config,
  tell: (line: string) => void,
): Promise<(TemporalPorts & { executable: string }) | undefined> {
  const configured = configuredTemporal();
  if (configured) {
    const { address } = configured.connectionOptions;
    if (await temporalAnswers(configured.connectionOptions, 5_000)) return undefined;
    tell(`Temporal does not answer at ${address}; starting a development server.`);
  }
  const executable = await temporalExecutable(tell);
  return { executable, ...(await temporalPorts(config.dataDir)) };
}
