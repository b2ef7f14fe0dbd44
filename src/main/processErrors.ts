import { ConfigError } from '../config/configError.ts';
import { ForeignInstallation } from '../temporal/foreignInstallation.ts';
import { UnreadableData } from '../temporal/unreadableData.ts';

/**
 * Exit codes of every process. `configuration` (EX_CONFIG of sysexits.h): a restart cannot help until a person has changed a
 * setting or a file.
 */
export const exitCodes = { ok: 0, failed: 1, configuration: 78, forced: 130 } as const;

/** A failure that a restart cannot fix. The message names the file or setting, the error and the remedy, in one line. */
export class UnrecoverableError extends Error {}

const unrecoverable = [UnrecoverableError, ConfigError, ForeignInstallation, UnreadableData];

export const isUnrecoverable = (error: unknown): boolean => unrecoverable.some((type) => error instanceof type);

export const exitCodeOf = (error: unknown): number =>
  isUnrecoverable(error) ? exitCodes.configuration : exitCodes.failed;

/** The message of an error, followed by those of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describeError(error.cause)}`;
}

/** Names the setting of a port that is in use. Returns any other error unchanged. */
export function withPortRemedy(error: Error, setting: string): Error {
  const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  return inUse ? new Error(`Stop the process that uses the port, or set ${setting}`, { cause: error }) : error;
}
