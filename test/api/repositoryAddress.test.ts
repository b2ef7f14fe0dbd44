import { expect, test } from 'vitest';
import { repositoryAddressError } from '../../src/api/repositoryAddress.ts';
import { churn1, startApi } from './harness.ts';

const always = [
  'https://169.254.169.254/ana/models',
  'https://169.254.1.1/ana/models',
  'https://168.63.129.16/ana/models',
  'https://127.0.0.1/ana/models',
  'https://127.1/ana/models',
  'https://0x7f000001/ana/models',
  'https://2130706433/ana/models',
  'https://0177.0.0.1/ana/models',
  'https://0251.0376.0251.0376/ana/models',
  'https://0xa9fea9fe/ana/models',
  'https://2852039166/ana/models',
  'https://127.0.0.1./ana/models',
  'https://0.0.0.0/ana/models',
  'https://localhost/ana/models',
  'https://LOCALHOST./ana/models',
  'https://git.localhost/ana/models',
  'https://224.0.0.1/ana/models',
  'https://0x08080808/ana/models',
  'https://8.8.2056/ana/models',
  'https://github.com:0/ana/models',
  'https://github.com:65536/ana/models',
  'https://github.com:99999/ana/models',
  'https://1.2.3.256/ana/models',
];
const unlessAllowed = [
  'https://10.0.0.4/ana/models',
  'https://172.16.0.1/ana/models',
  'https://172.31.255.255/ana/models',
  'https://192.168.1.1:8443/ana/models',
  'https://100.64.0.1/ana/models',
  'https://100.127.255.255/ana/models',
];
const byThePattern = [
  'https://[::1]/ana/models',
  'https://[fd00::1]/ana/models',
  'https://[fe80::1]/ana/models',
  'https://[::ffff:169.254.169.254]/ana/models',
  'https://ana:token@github.com/ana/models',
  'http://github.com/ana/models',
];
const accepted = [
  'https://github.com/ana/models',
  'https://github.com:443/ana/models',
  'https://git.example.com:65535/ana/models.git',
  'https://172.32.0.1/ana/models',
  'https://8.8.8.8/ana/models',
  'https://10.example.com/ana/models',
];

test.each([...always, ...unlessAllowed, ...byThePattern])('POST refuses the repository %s', async (repository) => {
  const { app, environments } = await startApi();
  const model = { format: 'custom', repository, ref: '0'.repeat(40), path: '.', request: {}, expected: [] };
  const answer = await app.inject({ method: 'POST', url: '/environments', payload: { ...churn1, model } });
  expect([answer.statusCode, answer.json().errors]).toEqual([
    400,
    [{ path: '/model/repository', message: expect.stringMatching(/^must /) }],
  ]);
  expect(environments.all.size).toBe(0);
});

test.each(accepted)('POST accepts the repository %s', async (repository) => {
  const { app } = await startApi();
  const model = { format: 'custom', repository, ref: '0'.repeat(40), path: '.', request: {}, expected: [] };
  const answer = await app.inject({ method: 'POST', url: '/environments', payload: { ...churn1, model } });
  expect(answer.statusCode).toBe(202);
});

test('MOAT_ALLOW_PRIVATE_REPOSITORIES allows private addresses, and nothing else', () => {
  for (const repository of unlessAllowed)
    expect([repository, repositoryAddressError(repository, true)]).toEqual([repository, undefined]);
  for (const repository of always)
    expect([repository, repositoryAddressError(repository, true)]).toEqual([repository, expect.any(String)]);
});
