import type { ProofRow, RunRecord } from '../../src/domain/environment.ts';
import { run as exampleRun } from '../../src/api/examples.ts';
import { churn1, startApi } from './harness.ts';

/** A provision run with these rows in its receipt. */
export function provisionRun(rows: ProofRow[]): RunRecord {
  const { receipt } = exampleRun;
  if (!receipt || !('image' in receipt)) throw new Error('the example has no provision receipt');
  return { ...exampleRun, receipt: { ...receipt, proof: rows } };
}

export const passed: ProofRow = {
  check: 'scoring endpoint from outside',
  verdict: 'passed',
  observed: 'refused with 403 at <b>"20.0.0.1"</b> & \'others\' – geprüft',
};

/** The API with the environment churn1, whose runs are these. */
export async function startWithRuns(runs: RunRecord[]) {
  const api = await startApi();
  await api.app.inject({ method: 'POST', url: '/environments', payload: churn1 });
  if (runs.length > 0) {
    api.environments.finish('churn1');
    api.environments.history.set('churn1', runs);
  }
  return api;
}
