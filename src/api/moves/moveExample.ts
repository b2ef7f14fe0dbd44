import type { Move } from '../../domain/move.ts';

const addressOf = (name: string): string => `https://${name}-k3x9a0q7.westus2.inference.ml.azure.com/score`;

/** A move that waits for its confirmation. */
export const move: Move = {
  from: 'churn1',
  to: 'churn2',
  state: 'waiting',
  startedAt: '2026-11-23T18:00:00.000Z',
  finishedAt: null,
  requestedBy: 'ana@example.com',
  confirmedBy: null,
  scoringUris: { from: addressOf('churn1'), to: addressOf('churn2') },
  comparison: {
    request: { data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] },
    from: { status: 200, body: [11055.977245525679], latencyMs: 41 },
    to: { status: 200, body: [11055.977245525679], latencyMs: 38 },
    difference: null,
  },
  failure: null,
};
