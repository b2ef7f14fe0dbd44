import { expect, it } from 'vitest';
import { problem, startFakeMoat } from './support/fakeMoat.ts';
import { runMoat } from './support/runMoat.ts';

const move = (state: string, more: object = {}): object => ({
  from: 'churn1',
  to: 'churn2',
  state,
  startedAt: '2026-11-27T12:00:00Z',
  finishedAt: null,
  requestedBy: 'ana',
  confirmedBy: null,
  scoringUris: { from: 'https://one.example.com/score', to: 'https://two.example.com/score' },
  comparison: null,
  failure: null,
  ...more,
});
const score = { status: 200, body: [1.5], latencyMs: 4 };
const compared = { comparison: { request: {}, from: score, to: score, difference: null } };

const moat = async (answers: Parameters<typeof startFakeMoat>[0], args: string[]) => {
  const { url, requests } = await startFakeMoat(answers);
  const finished = await runMoat(['move', 'churn1', ...args], { env: { MOAT_URL: url } });
  return { ...finished, requests };
};

it('sends the changes, follows the move until the answers agree, and says how to hand over', async () => {
  const { code, stdout, requests } = await moat(
    {
      'POST /environments/churn1/move': [{ status: 202, body: move('provisioning') }],
      'GET /environments/churn1/move': [{ body: move('comparing') }, { body: move('waiting', compared) }],
    },
    ['churn2', '--instance-type', 'Standard_DS3_v2', '--jumpbox-disk-gb', '128'],
  );
  expect(code).toBe(0);
  expect(requests[0]!.body).toEqual({
    to: 'churn2',
    changes: { instanceType: 'Standard_DS3_v2', jumpbox: { diskGb: 128 } },
    confirm: false,
  });
  expect(stdout).toContain('https://one.example.com/score');
  expect(stdout).toContain('https://two.example.com/score');
  expect(stdout).toContain('Answers: they agree: [1.5]');
  expect(stdout).toContain('Hand over with: moat move churn1 --confirm');
});

it('confirms only with the name or --yes, and ends with 1 where it is not moved', async () => {
  const answers = {
    'POST /environments/churn1/move/confirm': [{ status: 202, body: move('waiting', { confirmedBy: 'ana' }) }],
    'GET /environments/churn1/move': [
      { body: move('handingOver', { confirmedBy: 'ana' }) },
      { body: move('failed', { confirmedBy: 'ana', failure: { message: 'protected', remedy: 'release it' } }) },
    ],
  };
  const unconfirmed = await moat(answers, ['--confirm']);
  expect([unconfirmed.code, unconfirmed.requests]).toEqual([2, []]);
  const { code, stdout } = await moat(answers, ['--confirm', '--yes']);
  expect(code).toBe(1);
  expect(stdout).toContain('protected\nRemedy: release it');
});

it('shows the move without a new name, and cancels it', async () => {
  const shown = await moat({ 'GET /environments/churn1/move': [{ body: move('provisioning') }] }, ['--json']);
  expect([shown.code, JSON.parse(shown.stdout)]).toEqual([0, move('provisioning')]);
  const cancelled = await moat({ 'DELETE /environments/churn1/move': [{ status: 202, body: move('cancelled') }] }, [
    '--cancel',
  ]);
  expect(cancelled.code).toBe(0);
  const refused = problem(409, 'MoveRefused', 'it is handingOver');
  expect((await moat({ 'DELETE /environments/churn1/move': [refused] }, ['--cancel'])).code).toBe(3);
});
