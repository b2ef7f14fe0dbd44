import { describe, expect, it } from 'vitest';
import type { ProofRow } from '../../src/domain/environment.ts';
import { isolationChange, proofOf, verdictsOf } from '../../src/domain/proof.ts';

const at = '2026-11-24T09:00:00.000Z';
const row = (check: string, verdict: ProofRow['verdict'], from: ProofRow['from'] = 'arm'): ProofRow => ({
  check,
  from,
  expected: 'Disabled',
  observed: 'Enabled',
  at,
  verdict,
});

describe('what changed since the previous proof', () => {
  const previous = proofOf([row('a', 'passed'), row('b', 'passed'), row('gone', 'failed')], at);

  it('is nothing in the first proof', () => {
    expect(previous.changes).toEqual([]);
  });

  it('is every row with another verdict', () => {
    const rows = [row('a', 'failed'), row('b', 'passed'), row('new', 'failed'), row('b', 'inconclusive', 'outside')];
    expect(proofOf(rows, at, verdictsOf(previous)).changes).toEqual([
      { check: 'a', from: 'arm', before: 'passed', after: 'failed' },
    ]);
  });

  it('does not depend on what was observed, or on the order', () => {
    const rows = [{ ...row('b', 'passed'), observed: 'absent' }, row('a', 'passed')];
    expect(proofOf(rows, at, verdictsOf(previous)).changes).toEqual([]);
  });
});

describe('the isolation of a ready environment', () => {
  const failed = proofOf([row('a', 'passed'), row('b', 'failed'), row('c', 'inconclusive')], at);
  const unproved = proofOf([row('a', 'passed'), row('c', 'inconclusive')], at);
  const complete = proofOf([row('a', 'passed')], at);

  it.each([
    ['a failed row breaks it, once', failed, 'broken', 'none'],
    ['an inconclusive row neither breaks nor restores it', unproved, 'none', 'none'],
    ['a complete proof restores it, if it was broken', complete, 'none', 'restored'],
  ])('%s', (_, proof, sound, broken) => {
    expect([isolationChange(proof, { broken: false }), isolationChange(proof, { broken: true })]).toEqual([
      sound,
      broken,
    ]);
  });
});
