import { expect, test } from 'vitest';
import type { EnvironmentFacts, Facts } from '../../src/activities/preflight/facts.ts';
import { namePatterns } from '../../src/activities/preflight/rules/namePatterns.ts';
import { defaultSuffix } from '../../src/api/spec.ts';
import { reservedWordIn } from '../../src/domain/nameCheck.ts';
import { churn1, startApi } from '../api/harness.ts';

const post = { method: 'POST', url: '/environments' } as const;

test.each([
  [{ name: 'windows-fraud' }, '/name', /must not contain the reserved word WINDOWS.*windows-fraud/],
  [{ name: 'my-microsoft-app' }, '/name', /must not contain the reserved word MICROSOFT/],
  [{ name: 'login-score' }, '/name', /must not begin with the reserved word LOGIN.*online endpoint login-score-/],
  [{ suffix: 'xbox1' }, '/suffix', /must not contain the reserved word XBOX/],
])('I01 a reserved word is refused at the POST: %j', async (change, path, message) => {
  const { app, environments } = await startApi();
  const answer = await app.inject({ ...post, payload: { ...churn1, ...change } });
  expect([answer.statusCode, answer.json().errors]).toEqual([
    400,
    [{ path, message: expect.stringMatching(message) as string }],
  ]);
  expect(environments.all.size).toBe(0);
});

test.each(['my-login', 'a-login1', 'window1'])('I01 control: %s has no reserved word where it counts', async (name) => {
  const { app } = await startApi();
  expect((await app.inject({ ...post, payload: { ...churn1, name } })).statusCode).toBe(202);
});

test('I01 a default suffix that spells a reserved word is drawn again, each time the same', () => {
  const draws: string[] = [];
  const draw = (seed: string): string => (draws.push(seed), seed.endsWith('/2') ? 'k3x9a0q7' : 'axboxa12');
  expect(defaultSuffix('S', 'churn1', draw)).toBe('k3x9a0q7');
  expect(draws).toEqual(['s/churn1', 's/churn1/1', 's/churn1/2']);
  expect(defaultSuffix('S', 'churn1')).toBe(defaultSuffix('s', 'churn1'));
});

test('I01 the word is found in any case', () => {
  expect(['WindowsAlgo', 'MyXbox', 'LoginApp', 'MicrosoftX', 'app-login'].map(reservedWordIn)).toEqual([
    'WINDOWS',
    'XBOX',
    'LOGIN',
    'MICROSOFT',
    undefined,
  ]);
});

test('I01 preflight applies the same rules', () => {
  const ref = { subscriptionId: 's', location: 'westus2', name: 'churn1', suffix: 'xbox1' };
  const environment = { ref } as EnvironmentFacts;
  expect(namePatterns.check({ environment } as Facts)).toMatchObject([
    { severity: 'blocks', remedy: 'POST with another "suffix"' },
  ]);
});
