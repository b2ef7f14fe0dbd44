import type { LogLevel, LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import type { RuntimeOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { fieldsOf } from './logContext.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
/** What workflows and activities log is Moat's own; of the SDK's own lines only problems are. */
const ownComponents: readonly unknown[] = ['workflow', 'activity'];

/** Writes the log of Temporal's SDK, of workflows and of activities through the logger of the process. */
export function temporalLogger(logger: Logger): TemporalLogger {
  function log(level: LogLevel, message: string, meta: LogMetadata = {}): void {
    const isOwn = ownComponents.includes(meta['sdkComponent']);
    if (level === 'TRACE' || level === 'DEBUG' || (level === 'INFO' && !isOwn)) return;
    logger[levels[level]](fieldsOf(meta), message);
  }
  const at = (level: LogLevel) => (message: string, meta?: LogMetadata) => log(level, message, meta);
  return { log, trace: at('TRACE'), debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}

/** The log of the SDK's native part goes the same way. */
export const nativeLogging = {
  filter: { core: 'WARN', other: 'ERROR' },
  forward: {},
} as const satisfies NonNullable<RuntimeOptions['telemetryOptions']>['logging'];
