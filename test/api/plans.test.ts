import { expect, test } from 'vitest';
import { Problem } from '../../src/domain/problem.ts';
import { churn1, startApi } from './harness.ts';

const post = { method: 'POST', url: '/plans', payload: churn1 } as const;

test('a plan is answered with its parts; no environment is created', async () => {
  const { app, environments, plans } = await startApi();
  const answer = await app.inject(post);
  expect(answer.statusCode).toBe(200);
  const plan = answer.json();
  expect(Object.keys(plan)).toEqual(['ok', 'findings', 'steps', 'resources', 'cost', 'duration', 'methods']);
  expect(plan).toMatchObject({ ok: true, duration: { source: 'table' } });
  expect(plan.steps.at(-1)).toMatchObject({ id: 'score', needs: ['endpoint', 'jumpbox'] });
  expect(plan.resources.every(({ action }: { action: string }) => action === 'create')).toBe(true);
  expect(plans.planned).toMatchObject([{ name: 'churn1', model: 'custom', ttl: '8h' }]);
  expect(environments.all.size).toBe(0);
});

test('a blocking finding makes a plan that is not ok, with all findings', async () => {
  const { app, plans } = await startApi();
  plans.facts.findings = [
    { rule: 'PF-42', severity: 'assumed', message: 'a', remedy: '', source: 'docs' },
    { rule: 'PF-33', severity: 'blocks', message: 'b', remedy: 'c', source: 'docs' },
  ];
  const plan = (await app.inject(post)).json();
  expect([plan.ok, plan.findings.map(({ rule }: { rule: string }) => rule)]).toEqual([false, ['PF-42', 'PF-33']]);
});

test('a bad body gets the errors that POST /environments gives', async () => {
  const { app, plans } = await startApi();
  const payload = { name: 'Churn', ttl: '900d', colour: 'red', instanceType: 'Standard_X1' };
  const [planned, created] = await Promise.all(
    ['/plans', '/environments'].map((url) => app.inject({ ...post, url, payload })),
  );
  expect(planned!.statusCode).toBe(400);
  expect(planned!.json().errors.length).toBeGreaterThan(3);
  expect(planned!.json().errors).toEqual(created!.json().errors);
  expect(plans.planned).toEqual([]);
});

test('without a worker the answer is 503 with Retry-After; a failed plan is 502', async () => {
  const { app, plans } = await startApi();
  plans.problem = new Problem('Unavailable', 'No worker is running.', { retryAfter: 5 });
  const answer = await app.inject(post);
  expect([answer.statusCode, answer.headers['retry-after'], answer.json().code]).toEqual([503, '5', 'Unavailable']);
  plans.problem = new Problem('PlanFailed', 'Forbidden: no');
  expect((await app.inject(post)).json()).toMatchObject({ status: 502, code: 'PlanFailed' });
});
