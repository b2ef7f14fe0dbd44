import type { SampleScore, Tolerance } from './environment.ts';
import type { FailureType } from './failures.ts';
import { readContainerLog, retryByPost } from './remedies.ts';

/**
 * Half a unit in the sixth significant digit: answers agree in six digits. The absolute term is for zeros that come out as 1e-17. Equal
 * floats are not promised across library versions and processors.
 */
export const defaultTolerance: Required<Tolerance> = { relative: 5e-7, absolute: 1e-12 };

/** What the jumpbox found when it compared an answer with the expected one. The texts have at most 120 characters. */
export type Comparison =
  | { verdict: 'alike' }
  /** the first difference: where, as a JSON path, and both values as JSON */
  | { verdict: 'differs'; path: string; expected: string; actual: string }
  | { verdict: 'notJson' }
  /** the expected answer is no JSON either, and has other bytes */
  | { verdict: 'otherBytes' }
  | { verdict: 'notFinite'; number: string }
  | { verdict: 'jsonInString' }
  | { verdict: 'errorText' }
  /** the answer's member has the expected answer */
  | { verdict: 'envelope'; member: string }
  /** the answer is what a member of the expected answer has */
  | { verdict: 'noEnvelope'; member: string };

/** The endpoint's answer to the sample request, as the jumpbox saw it. */
export interface SampleOutcome extends SampleScore {
  /** null unless the status is 200 */
  comparison: Comparison | null;
}

/** What the deployment allows, for messages. */
export interface RequestLimits {
  requestTimeoutSeconds: number;
  maxConcurrentRequests: number;
  instanceCount: number;
}

interface SampleFailure {
  type: FailureType;
  message: string;
  remedy: string;
}

/** What to correct where the model answers wrongly. */
export const correctScript =
  'correct the scoring script or the "expected" answer, then DELETE the environment and POST it again';

/** What is wrong with an answer of 200, and what to correct. */
export function wrongAnswer(comparison: Exclude<Comparison, { verdict: 'alike' }>): Omit<SampleFailure, 'type'> {
  switch (comparison.verdict) {
    case 'differs': {
      const { path, expected, actual } = comparison;
      return {
        message: `the answer differs at ${path}: expected ${expected}, got ${actual}`,
        remedy: `${correctScript}; a small deviation can be allowed with "tolerance" in "model"`,
      };
    }
    case 'notJson':
      return { message: 'the answer is not JSON', remedy: `let the scoring script return JSON: ${correctScript}` };
    case 'otherBytes':
      return {
        message: 'the answer is not the expected one, byte by byte: the expected answer is not JSON',
        remedy: correctScript,
      };
    case 'notFinite':
      return {
        message: `the answer is not JSON: it has ${comparison.number}, which JSON does not know`,
        remedy: `let the scoring script replace ${comparison.number} with a number or null; then ${correctScript}`,
      };
    case 'jsonInString':
      return {
        message: 'the answer is a JSON string that has JSON in it: it was written as JSON twice',
        remedy: `let run() return the object itself, not json.dumps() of it; then ${correctScript}`,
      };
    case 'errorText':
      return {
        message: 'the scoring script answered 200 with the text of an error',
        remedy:
          'let run() raise its exception instead of returning it, and correct what the text says; then DELETE the environment and POST it again',
      };
    case 'envelope':
      return {
        message: `the expected answer is in the member "${comparison.member}" of the answer: {"${comparison.member}": …} instead of its value`,
        remedy: `write "expected" with the member "${comparison.member}", or let the scoring script return its value alone; then DELETE the environment and POST it again`,
      };
    default:
      return {
        message: `the answer is the value of the expected member "${comparison.member}" alone, without {"${comparison.member}": …}`,
        remedy: `write "expected" without the member "${comparison.member}", or let the scoring script return it; then DELETE the environment and POST it again`,
      };
  }
}

/**
 * The failure of an answer other than 200, by its HTTP status (Azure docs: troubleshoot online endpoints, HTTP status codes). The jumpbox
 * script has repeated what passes by itself.
 */
function wrongStatus(status: number, limits: RequestLimits): { type: FailureType; reason?: string; remedy: string } {
  if (status === 401 || status === 403)
    return {
      type: 'Forbidden',
      remedy: `az role assignment list --all --assignee <identity> --output table lists the roles of the jumpbox, which must include one with the action that the authentication of the endpoint needs; then ${retryByPost}`,
    };
  if (status === 404)
    return {
      type: 'DeploymentUnhealthy',
      reason: 'the endpoint has no deployment with traffic',
      remedy: `az ml online-endpoint update --name <endpoint> --traffic blue=100 --workspace-name <workspace> --resource-group <workspaceGroup>; then ${retryByPost}`,
    };
  if (status === 408)
    return {
      type: 'DeploymentUnhealthy',
      reason: `scoring took longer than the ${limits.requestTimeoutSeconds} s that the deployment allows`,
      remedy:
        'DELETE the environment, then POST it with a larger "requestTimeoutSeconds" (at most 180), a larger "instanceType" or a smaller sample request',
    };
  if (status === 424) return { type: 'DeploymentUnhealthy', remedy: `${readContainerLog}; then ${retryByPost}` };
  if (status >= 500) return { type: 'Transient', remedy: `${readContainerLog}; then ${retryByPost}` };
  return { type: 'WrongAnswer', remedy: correctScript };
}

/** The beginning of an answer, for messages. */
export const quoteAnswer = ({ excerpt, bytes }: Pick<SampleScore, 'excerpt' | 'bytes'>): string =>
  bytes === 0 ? 'the answer is empty' : `answer: ${excerpt}${bytes > excerpt.length ? '…' : ''}`;

/** Why the sample's answer does not prove the model; undefined when it does. */
export function sampleFailure(outcome: SampleOutcome, limits: RequestLimits): SampleFailure | undefined {
  const { status, comparison } = outcome;
  if (comparison?.verdict === 'alike') return undefined;
  const answer = quoteAnswer(outcome);
  if (comparison) {
    const { message, remedy } = wrongAnswer(comparison);
    return { type: 'WrongAnswer', message: `HTTP ${status}: ${message}; ${answer}`, remedy };
  }
  const { type, reason, remedy } = wrongStatus(status, limits);
  return { type, message: `HTTP ${status}: ${reason === undefined ? '' : `${reason}; `}${answer}`, remedy };
}

/** How to make room for a request that the endpoint answers with 429 (Azure docs: twice the concurrency of all instances is queued). */
export const tooManyRequests = ({ maxConcurrentRequests, instanceCount }: RequestLimits): string =>
  `the deployment takes ${2 * maxConcurrentRequests * instanceCount} requests at once: send fewer, or DELETE the environment and POST it with a larger "maxConcurrentRequests" or "instanceCount"`;
