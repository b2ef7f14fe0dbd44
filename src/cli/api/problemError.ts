import type { Problem } from '../../client/index.ts';
import { CliError } from '../cliError.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';

/** What helps against a refusal, by its code. `NAME` is replaced by the environment of the request. */
const remedies: Partial<Record<string, string>> = {
  Unauthorized: 'moat login',
  Forbidden: 'use the key of another role: moat login --profile <name>',
  NotFound: 'moat ls',
  NoProof: 'moat verify NAME',
  SpecConflict: 'moat show NAME --json shows its spec; moat rm NAME removes it',
  SuffixInUse: 'choose another one with --suffix',
  BeingDeleted: 'moat watch NAME',
  NothingRuns: 'moat show NAME',
  NotReady: 'moat watch NAME',
  NoDeployment: 'moat watch NAME',
  NotStopped: 'moat sweep ls',
  Protected: 'moat protect NAME --off',
};

interface Answer {
  status: number;
  statusText: string;
  /** X-Request-Id */
  requestId: string | null;
  text: string;
}

const nameIn = (path: string): string | undefined => /^\/environments\/([^/]+)/.exec(path)?.[1];

function problemIn(text: string): Partial<Problem> & { remedy?: string } {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** A gateway's own answer is not Moat's: Moat itself was not reached. */
function exitCodeOf(status: number, code: string | undefined): ExitCode {
  if (status === 503 || (code === undefined && status >= 502)) return exitCodes.unreachable;
  if (status >= 500) return exitCodes.failed;
  return status === 400 ? exitCodes.usage : exitCodes.refused;
}

function remedyOf(code: string | undefined, name: string | undefined): string | undefined {
  const remedy = code === undefined ? undefined : remedies[code];
  if (remedy?.includes('NAME') && name === undefined) return undefined;
  return remedy?.replaceAll('NAME', name ?? '');
}

/** The error for an answer that is not successful. `path` is that of the request. `name` is the environment in its body, if any. */
export function problemError({ status, statusText, requestId, text }: Answer, path: string, name?: string): CliError {
  const { detail, code, errors = [], remedy, instance } = problemIn(text);
  const message = detail === undefined ? `Moat answered ${status} ${statusText}`.trim() : `${detail} (${code})`;
  const listed = errors.map((error) => `\n  ${error.path}: ${error.message}`).join('');
  return new CliError(exitCodeOf(status, code), message + listed, {
    code,
    remedy: remedy ?? remedyOf(code, nameIn(path) ?? name),
    correlationId: requestId ?? instance?.split(':').at(-1),
  });
}
