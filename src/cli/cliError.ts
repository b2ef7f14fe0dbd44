import type { ExitCode } from './exitCodes.ts';

interface CliErrorDetails {
  /** of a problem that Moat answered with */
  code?: string | undefined;
  /** a command or a change that helps */
  remedy?: string | undefined;
  /** finds the request in the logs of Moat */
  correlationId?: string | undefined;
  cause?: unknown;
}

/** An error that ends the command with an exit code, a message and a remedy. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  readonly code: string | undefined;
  readonly remedy: string | undefined;
  readonly correlationId: string | undefined;

  constructor(exitCode: ExitCode, message: string, { code, remedy, correlationId, cause }: CliErrorDetails = {}) {
    super(message, { cause });
    this.exitCode = exitCode;
    this.code = code;
    this.remedy = remedy;
    this.correlationId = correlationId;
  }

  /** The message, the remedy and the correlation id, as lines. */
  lines(): string[] {
    return [
      `Error: ${this.message}`,
      ...(this.remedy === undefined ? [] : [`Remedy: ${this.remedy}`]),
      ...(this.correlationId === undefined ? [] : [`Correlation ID: ${this.correlationId}`]),
    ];
  }
}

/** Whether Moat answered that there is no such resource. */
export const isNotFound = (error: unknown): boolean => error instanceof CliError && error.code === 'NotFound';
