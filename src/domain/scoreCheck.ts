import type { Json } from './environment.ts';
import type { FailureType } from './failures.ts';
import { retryByPost, readContainerLog } from './remedies.ts';

/** Float equality is not promised across library versions: the article's own check compares only the integer part. */
const relativeTolerance = 1e-6;

/** Whether a scored answer is the expected one: same shape, numbers within a relative tolerance of 1e-6. */
export function scoresMatch(expected: Json, actual: Json): boolean {
  if (typeof expected === 'number' && typeof actual === 'number')
    return Math.abs(expected - actual) <= relativeTolerance * Math.max(1, Math.abs(expected));
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      expected.length === actual.length &&
      expected.every((item, i) => scoresMatch(item, actual[i] ?? null))
    );
  if (expected === null || typeof expected !== 'object') return expected === actual;
  if (actual === null || typeof actual !== 'object' || Array.isArray(actual)) return false;
  const members = Object.keys(expected);
  return (
    members.length === Object.keys(actual).length &&
    members.every((key) => key in actual && scoresMatch(expected[key]!, actual[key]!))
  );
}

/**
 * The failure type and remedy of an unexpected answer to the sample request, by its HTTP status (Azure docs: troubleshoot online
 * endpoints, HTTP status codes). The jumpbox script has retried transient statuses before.
 */
export function scoreFailure(status: number): { type: FailureType; remedy: string } {
  if (status === 401 || status === 403)
    return {
      type: 'Forbidden',
      remedy: `az role assignment list --all --assignee <identity> --output table lists the roles of the jumpbox, which must include the endpoint key reader; then ${retryByPost}`,
    };
  if (status === 404)
    return {
      type: 'DeploymentUnhealthy',
      remedy: `az ml online-endpoint update --name <endpoint> --traffic blue=100 --workspace-name <workspace> --resource-group <group>; then ${retryByPost}`,
    };
  if (status === 424) return { type: 'DeploymentUnhealthy', remedy: `${readContainerLog}; then ${retryByPost}` };
  if (status === 408 || status === 429 || status >= 500)
    return { type: 'Transient', remedy: `${readContainerLog}; then ${retryByPost}` };
  return { type: 'WrongAnswer', remedy: 'Check the model, its scoring script and the expected answer.' };
}
