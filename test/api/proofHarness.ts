import type { Proof, ProofRow, RunRecord } from '../../src/domain/environment.ts';
import { receipt, run as exampleRun } from '../../src/api/examples.ts';
import { proofOf } from '../../src/domain/proof.ts';
import { churn1, startApi } from './harness.ts';

export const provedAt = '2026-11-23T18:41:00.000Z';

export const passed: ProofRow = {
  check: 'scoring endpoint from outside',
  from: 'outside',
  expected: 'refused, or not reachable',
  observed: 'refused with 403 at <b>"20.0.0.1"</b> & \'others\' – geprüft',
  at: provedAt,
  verdict: 'passed',
};

/** A run of the kind that has left this proof. */
export const runWith = (id: string, proof: Proof): RunRecord =>
  id.startsWith('provision')
    ? { ...exampleRun, id, receipt: { ...receipt, proof } }
    : { ...exampleRun, id, kind: 'verify', receipt: { proof, repairs: [] } };

/** The API with the environment churn1, which a provision run has proved with these rows. */
export async function startProved(...rows: ProofRow[]) {
  const api = await startApi();
  await api.app.inject({ method: 'POST', url: '/environments', payload: churn1 });
  api.environments.finish('churn1');
  const proof = proofOf(rows, provedAt);
  const run = runWith('provision-1', proof);
  api.environments.history.set('churn1', [run]);
  api.environments.set('churn1', { proof, receipt: run.receipt });
  return { ...api, run };
}
