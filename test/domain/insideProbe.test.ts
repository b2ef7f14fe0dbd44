import { describe, expect, it } from 'vitest';
import { isPrivateAddress, evaluateInside } from '../../src/domain/insideProbe.ts';

describe('an address', () => {
  it.each(['10.0.0.1', '192.168.0.9', '172.16.0.1', '172.31.255.255', 'fd00::1', 'FC00::1'])('%s is private', (one) => {
    expect(isPrivateAddress(one)).toBe(true);
  });
  it.each(['20.1.2.3', '172.15.0.1', '172.32.0.1', '192.169.0.1', '110.0.0.1', '2603:1030::1', '', 'x10.0.0.1'])(
    '%j is not private',
    (one) => {
      expect(isPrivateAddress(one)).toBe(false);
    },
  );
});

describe('a name probed from inside', () => {
  const view = { name: 'registry', url: 'https://r/v2/', addresses: ['192.168.0.9'], status: 401, error: null };

  it('passes when it resolves to private addresses and is answered', () => {
    expect(evaluateInside(view)).toEqual({
      check: 'registry from inside',
      verdict: 'passed',
      observed: '192.168.0.9; HTTP 401',
    });
  });

  it.each([
    ['one of its addresses is public', { addresses: ['192.168.0.9', '20.1.2.3'] }],
    ['it does not resolve', { addresses: [], status: null, error: 'no such host' }],
    ['nothing answers', { status: null, error: 'timed out' }],
    ['the firewall answers', { status: 403 }],
    ['the service is broken', { status: 502 }],
  ])('fails when %s', (_, change) => {
    expect(evaluateInside({ ...view, ...change }).verdict).toBe('failed');
  });

  it('reports the error where nothing answered', () => {
    expect(evaluateInside({ ...view, addresses: [], status: null, error: 'no such host' }).observed).toBe(
      'no address; no such host',
    );
  });
});
