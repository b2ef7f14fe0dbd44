import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Proof, RunRecord } from '../../../src/domain/environment.ts';
import { newRecord } from '../../../src/domain/environmentRecord.ts';
import { startEnvironment } from '../../../src/temporal/startEnvironment.ts';
import { specHash } from '../../../src/temporal/specHash.ts';
import { environmentWorkflowId, runsMemoKey } from '../../../src/workflows/messages.ts';
import { refNamed, specOf } from '../../workflows/fixtures.ts';
import { startWorkflowHarness } from '../../workflows/workflowHarness.ts';
import type { WorkflowHarness } from '../../workflows/workflowHarness.ts';

let moat: WorkflowHarness;
beforeAll(async () => {
  moat = await startWorkflowHarness(inject('temporal').address, 'casesmemo');
});
afterAll(() => moat.close());

const at = '2026-01-01T00:00:00.000Z';
const proof = (rows: number): Proof => ({
  at,
  complete: true,
  changes: [],
  rows: Array.from({ length: rows }, (_, i) => ({
    check: `check ${i}`,
    from: 'arm',
    expected: 'x',
    observed: 'x'.repeat(1000),
    at,
    verdict: 'passed',
  })),
});

/** A finished run with a receipt of some 30,000 characters. */
const largeRun = (number: number): RunRecord => ({
  id: `verify-${number}`,
  kind: 'verify',
  startedAt: at,
  finishedAt: at,
  outcome: 'succeeded',
  failure: null,
  receipt: { proof: proof(30) },
});

/** A ready environment whose memo lists twenty runs, 600,000 characters in total. */
async function createWithRuns(name: string): Promise<void> {
  const spec = specOf(name);
  const record = { ...newRecord(spec, 'emulator', Date.now()), state: 'ready' as const };
  const runs = Array.from({ length: 20 }, (_, i) => largeRun(i + 1));
  const ref = refNamed(name);
  await startEnvironment(moat.client, {
    ref,
    spec,
    specHash: specHash(spec),
    target: 'emulator',
    record,
    runs,
    request: 'none',
  });
}

test('P03 what an environment writes to its memo is a tenth of what Temporal takes; the oldest receipts go first', async () => {
  await createWithRuns('large');
  const handle = moat.client.workflow.getHandle(environmentWorkflowId('large'));
  await moat.environments.score('large', { data: [[1]] }, undefined);
  const runs = await moat.environments.runs('large');
  expect(runs.map(({ id }) => id)).toEqual(['score-1', ...Array.from({ length: 19 }, (_, i) => `verify-${20 - i}`)]);
  const kept = runs.filter(({ receipt }) => receipt !== null).map(({ id }) => id);
  expect(kept.slice(0, 2)).toEqual(['score-1', 'verify-20']);
  expect(kept).toEqual(runs.slice(0, kept.length).map(({ id }) => id));

  const { memo } = await handle.describe();
  expect((memo![runsMemoKey] as unknown[]).length).toBe(20);
  // Temporal: memo 2 MiB, one transaction 4 MiB
  expect(JSON.stringify(memo).length).toBeLessThan(0.2 * 1024 * 1024);
  await handle.terminate('it can always be terminated');
  expect((await handle.describe()).status.name).toBe('TERMINATED');
});
