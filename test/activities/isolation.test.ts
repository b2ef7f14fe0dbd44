import { expect, test } from 'vitest';
import { evaluateOutside } from '../../src/activities/isolation/outsideVerdict.ts';
import type { ProbeResult } from '../../src/azure/probe.ts';
import type { ProofRow } from '../../src/domain/environment.ts';

const sight = (more: Partial<ProbeResult>): ProbeResult => ({
  addresses: ['20.1.2.3'],
  status: null,
  body: null,
  error: null,
  ...more,
});

type Row = [sentence: string, seen: Partial<ProbeResult>, verdict: ProofRow['verdict']];

const rows: Row[] = [
  ['An unknown name is closed.', { addresses: [], error: 'nxdomain' }, 'passed'],
  ['A refused connection is closed.', { error: 'refused' }, 'passed'],
  ['Silence, while Azure Resource Manager answers, is closed.', { error: 'timeout' }, 'passed'],
  [
    'The workspace’s refusal of public access passes as closed.',
    { status: 403, body: 'Access to workspace was denied based on workspace private link configuration' },
    'passed',
  ],
  [
    'The registry’s refusal of public access passes as closed.',
    {
      status: 403,
      body: '{"errors":[{"code":"DENIED","message":"client with IP \'203.0.113.10\' is not allowed access."}]}',
    },
    'passed',
  ],
  [
    'The storage account’s refusal of public access passes as closed.',
    {
      status: 403,
      body: '<Code>AuthorizationFailure</Code><Message>This request is not authorized to perform this operation.',
    },
    'passed',
  ],
  [
    'The vault’s refusal of public access passes as closed.',
    {
      status: 403,
      body: 'Public network access is disabled and request is not from a trusted service nor via an approved private link.',
    },
    'passed',
  ],
  ['A 403 for another reason is an open door.', { status: 403, body: 'You are not permitted' }, 'failed'],
  ['A 401 is an open door.', { status: 401, body: '' }, 'failed'],
  ['A 200 is an open door.', { status: 200, body: '[1]' }, 'failed'],
  ['A 404 is an open door.', { status: 404, body: '' }, 'failed'],
  ['An address inside the network proves nothing.', { addresses: ['192.168.0.7'], error: 'timeout' }, 'inconclusive'],
  [
    'A storage account whose firewall let the request through is an open door.',
    { status: 403, body: '<Code>AuthorizationPermissionMismatch</Code><Message>… using this permission.' },
    'failed',
  ],
  ['A proxy that cannot reach the service proves nothing.', { status: 502, body: 'Bad Gateway' }, 'inconclusive'],
  ['A certificate that does not fit proves nothing.', { error: 'tls' }, 'inconclusive'],
];

test.each(rows)('%s', (_sentence, seen, verdict) => {
  expect(evaluateOutside(sight(seen), true).verdict).toBe(verdict);
});

test.each([
  { addresses: [], error: 'nxdomain' },
  { error: 'refused' },
  { error: 'timeout' },
  { status: 403, body: '<h1>Blocked by policy</h1>' },
  { status: 200, body: 'Sign in to the guest network' },
] as Partial<ProbeResult>[])('%j is inconclusive while ARM does not answer the worker either.', (seen) => {
  expect(evaluateOutside(sight(seen), false).verdict).toBe('inconclusive');
});

test('The service’s own refusal needs no control.', () => {
  const body = 'Access to workspace was denied based on workspace private link configuration';
  expect(evaluateOutside(sight({ status: 403, body }), false).verdict).toBe('passed');
});
