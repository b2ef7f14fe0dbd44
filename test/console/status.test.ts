import { expect, test } from 'vitest';
import type { Environment, StepProgress } from '../../src/client/index.ts';
import { statusOf } from '../../web/src/pages/environment/status.ts';

const since = '2026-11-27T18:00:00.000Z';
const waiting = (message: string) =>
  statusOf({
    state: 'provisioning',
    run: null,
    steps: [{ id: 'endpoint', state: 'running', message, since, resources: [] } satisfies Partial<StepProgress>],
  } as unknown as Environment).text;

test.each(['', ', since 2026-11-27T18:00:02Z', ', since 2026-11-27T18:00:02Z; polls at 2026-11-27T18:00:09Z'])(
  'A wait for Azure is one sentence, whatever the message says about times: “…Creating%s”.',
  (times) => {
    expect(waiting(`online deployment mlw-x/churn1/blue: Creating${times}`)).toBe(
      'Azure has been creating online deployment blue',
    );
  },
);
