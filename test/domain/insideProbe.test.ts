import { describe, expect, it } from 'vitest';
import { evaluateInside, evaluateJumpbox, isPrivateAddress, outwardTargets } from '../../src/domain/insideProbe.ts';
import type { InsideProbe } from '../../src/domain/insideProbe.ts';
import { refNamed } from '../workflows/fixtures.ts';

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

const ref = refNamed('churn1');

describe('a name probed from inside', () => {
  const view: InsideProbe = {
    name: 'registry',
    addresses: ['192.168.0.9'],
    status: 401,
    refusal: null,
    error: null,
  };

  it('passes when it resolves to private addresses and is answered', () => {
    expect(evaluateInside(ref, 'registry', view)).toEqual({
      check: 'container registry from inside',
      expected: 'only private addresses, and an answer there',
      verdict: 'passed',
      observed: '192.168.0.9; HTTP 401',
    });
  });

  it('passes when the service itself refuses who asks', () => {
    expect(evaluateInside(ref, 'file', { ...view, status: 403 }).verdict).toBe('passed');
  });

  it.each([
    ['one of its addresses is public', { addresses: ['192.168.0.9', '20.1.2.3'] }],
    ['it does not resolve', { addresses: [], status: null, error: 'no such host' }],
    ['nothing answers', { status: null, error: 'timed out' }],
    ['the firewall answers', { status: 403, refusal: 'AuthorizationFailure' }],
  ])('fails when %s', (_, change) => {
    expect(evaluateInside(ref, 'registry', { ...view, ...change }).verdict).toBe('failed');
  });

  it('is inconclusive when the service is broken', () => {
    expect(evaluateInside(ref, 'registry', { ...view, status: 502 }).verdict).toBe('inconclusive');
  });

  it('reports the error where nothing answered', () => {
    const seen = { ...view, addresses: [], status: null, error: 'no such host' };
    expect(evaluateInside(ref, 'registry', seen).observed).toBe('no address; no such host');
  });
});

const silent = 'curl: (28) Connection timed out after 15000 milliseconds';
const probes = (site: Partial<InsideProbe>, tags: Partial<InsideProbe>): InsideProbe[] => {
  const seen = { addresses: ['20.1.2.3'], status: null, refusal: null, error: null };
  return [
    ...outwardTargets.internet.map((name) => ({ name, ...seen, ...site })),
    ...Object.keys(outwardTargets.tags).map((name) => ({ name, ...seen, ...tags })),
  ];
};

describe('the Internet from the jumpbox', () => {
  it.each([
    ['silence, while service tags answer', { error: silent }, { status: 200 }, 'passed'],
    ['silence, as of everything else', { error: silent }, { error: silent }, 'inconclusive'],
    ['no address', { addresses: [], error: 'curl: (6) Could not resolve host' }, { status: 200 }, 'inconclusive'],
    ['an answer', { status: 200 }, { status: 200 }, 'failed'],
    ['a failed handshake, which is a connection', { error: 'curl: (35) TLS' }, { status: 200 }, 'failed'],
  ])('%s', (_, site, tags, verdict) => {
    expect(evaluateJumpbox(ref, probes(site, tags)).outward[0]).toMatchObject({ verdict });
  });

  it('proves nothing where the jumpbox reports nothing', () => {
    const { inside, outward } = evaluateJumpbox(ref, []);
    expect([...inside, ...outward].filter(({ verdict }) => verdict === 'passed')).toEqual([]);
  });
});
