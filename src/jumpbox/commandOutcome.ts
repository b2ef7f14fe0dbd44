import { gunzipSync } from 'node:zlib';
import type { ImageReceipt, Json, LocalTry } from '../domain/environment.ts';
import { failureTypes } from '../domain/failures.ts';
import type { InsideProbe } from '../domain/insideProbe.ts';
import { localTryFailure } from '../domain/localTry.ts';
import type { LocalTryOutcome } from '../domain/localTry.ts';
import type { SampleOutcome } from '../domain/scoreCheck.ts';
import type { FailureType } from '../domain/failures.ts';
import type { CommandName } from './scripts.ts';
import { JumpboxFailure } from './jumpboxFailure.ts';
import { isDeeperThan, requestJsonLimits } from '../domain/jsonLimits.ts';

export interface CommandResults {
  setUp: { docker: string };
  /** `tag` is the image by tag; the paths are below the workspace's default blob container. Without an image: neither tag nor code */
  buildImage: ImageReceipt & {
    tag?: string;
    codePath?: string;
    modelPath: string;
    /** of the sample's files, where it has some */
    requestBlob?: string;
    expectedBlob?: string;
    /** where one was requested */
    localTry?: LocalTry;
  };
  verify: { rows: InsideProbe[] };
  /** `latencyMs` is the endpoint's own time */
  score: { status: number; body: Json; latencyMs: number };
  scoreSample: SampleOutcome;
}

/** The part of a managed run command's instance view that has its outcome. */
export interface InstanceView {
  executionState?: string;
  exitCode?: number;
  /** the last 4,096 bytes of each */
  output?: string;
  error?: string;
}

const remedies: Partial<Record<FailureType, string>> = {
  Forbidden: "check the role assignments of the jumpbox's managed identity",
  ImageBuildFailed:
    'read the build output in the message, correct the sources, then POST the environment with the corrected commit as "ref"',
  AnswerTooLarge:
    'send fewer rows; a long answer is compared inside the network in the step "score", as "expectedFile" of the model',
  Throttled:
    'send fewer requests at once, or DELETE the environment and POST it with a larger "maxConcurrentRequests" or "instanceCount"',
  InvalidRequest: 'DELETE the environment, then POST it with a corrected "model"',
};

function failure(type: FailureType, message: string, remedy?: string): JumpboxFailure {
  return new JumpboxFailure(type, message, remedy || remedies[type]);
}

function parseMarker(
  output: string,
): { ok: true; result: Json } | { ok: false; type: string; message: string; remedy?: string } | undefined {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  if (!line.startsWith('MOAT ')) return undefined;
  try {
    return JSON.parse(line.slice('MOAT '.length));
  } catch {
    return undefined;
  }
}

/** Maximum of an unpacked answer, in bytes: histories and memos of Temporal are limited. */
const longestAnswer = 128 * 1024;

function unpack(packed: string): Json {
  let text: string;
  try {
    text = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: longestAnswer }).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw failure('AnswerTooLarge', `the answer has more than ${longestAnswer} bytes`);
  }
  const { depth } = requestJsonLimits;
  if (isDeeperThan(text, depth)) throw failure('AnswerTooLarge', `the answer is nested more than ${depth} levels deep`);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The answer to the sample; null for one that is too long or too deep: the verdict on it counts. */
function unpackIfPossible(packed: string): Json {
  try {
    return unpack(packed);
  } catch (error) {
    if (error instanceof JumpboxFailure) return null;
    throw error;
  }
}

/** What the script of a build prints. After a local try with another answer than the expected one, it has pushed and uploaded nothing. */
interface BuildOutcome extends Omit<CommandResults['buildImage'], 'localTry'> {
  localTry?: LocalTryOutcome;
}

function readBuild({ localTry: tried, ...built }: BuildOutcome): CommandResults['buildImage'] {
  if (tried === undefined) return built;
  const failed = localTryFailure(tried);
  if (failed) throw new JumpboxFailure(failed.type, failed.message, failed.remedy, tried.log);
  const { comparison: _, error: __, ...localTry } = tried;
  return { ...built, localTry };
}

/**
 * Reads what a command did from its run command's instance view: the outcome line, never the operation's own status.
 * Throws JumpboxFailure: `InProgress` while it runs, `Transient` when Azure stopped it at its time limit, the
 * failure type that the script printed, `Unknown` when it printed no result, `AnswerTooLarge`.
 */
export function readOutcome<Name extends CommandName>(name: Name, view: InstanceView): CommandResults[Name] {
  const state = view.executionState ?? 'Unknown';
  if (state === 'Pending' || state === 'Running') throw failure('InProgress', `${name} on the jumpbox: ${state}`);
  const outcome = parseMarker(view.output ?? '');
  if (outcome === undefined) {
    // Azure's handler reports a script that it stopped as Failed with this exit code
    if (state === 'TimedOut' || view.exitCode === -1)
      throw failure('Transient', `${name} on the jumpbox exceeded its time limit`);
    const error = (view.error ?? '').trim().slice(-600);
    throw failure(
      'Unknown',
      `${name} on the jumpbox printed no result (${state}, exit code ${view.exitCode}): ${error}`,
    );
  }
  if (!outcome.ok) {
    const type = failureTypes.find((type) => type === outcome.type) ?? 'Unknown';
    throw failure(type, `${name} on the jumpbox: ${outcome.message}`, outcome.remedy);
  }
  if (name === 'buildImage') return readBuild(outcome.result as unknown as BuildOutcome) as CommandResults[Name];
  if (name !== 'score' && name !== 'scoreSample') return outcome.result as CommandResults[Name];
  const { body, ...rest } = outcome.result as { body: string | null };
  const read = name === 'score' ? unpack : unpackIfPossible;
  return { ...rest, body: body === null ? null : read(body) } as unknown as CommandResults[Name];
}
