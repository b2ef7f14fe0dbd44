import { expect, it } from 'vitest';
import { createSecretScan } from '../../chaos/secretScan.ts';

const key = 'z4jKXll1frmUUlAhVaib/nZfxn5BXz6dbPB8zl80+gcmb2oTcmHiWcrMmsNaPqg==';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const json = JSON.stringify;

function foundIn(text: string, secret = key): string[] {
  const scan = createSecretScan();
  scan.add('the answer', text);
  scan.addSecrets([secret]);
  return scan.matches().map(({ where }) => where);
}

it.each([
  ['unescaped', `key ${key}.`],
  ['in JSON', json({ output: `\n${key}\n` })],
  ['in JSON in JSON', json(json({ output: `\n${key}\t` }))],
  ['in JSON with unicode escapes', `"\\u002b${key}"`],
  ['in a URL', `https://x.example/?sig=%2B${encodeURIComponent(key)}`],
  ['in base64', `authorization: Basic ${base64(`00000000:${key}`)}`],
  ['in base64 of JSON', json({ data: base64(json({ output: `\n${key}` })) })],
])('finds a key %s', (_where, text) => {
  expect(foundIn(text)).toEqual(['the answer']);
});

it('finds a key split by punctuation into short parts', () => {
  expect(foundIn('2B+jH/NmAByvnB/V0qAx7HtKwz1+6NNTyj8HB/w', '2B+jH/NmAByvnB/V0qAx7HtKwz1+6NNTyj8HB/w')).toHaveLength(1);
});

const part = (value: object): string => Buffer.from(json(value)).toString('base64url');

it.each([
  ['the managed identity', `emulated-token.${part({ clientId: 'a', principalId: 'b' })}`],
  ['a sign-in', `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ appid: 'an application' })}.c2lnbmVk`],
])('finds a token of %s, although no token is known', (_kind, token) => {
  expect(foundIn(`"Bearer ${token}"`)).toEqual(['the answer: a token']);
});

it('ignores ids, names and other keys', () => {
  const id = '/subscriptions/00000000-0000-4000-8000-0000c4a05c4a/resourceGroups/rg-moat-x/providers/Microsoft.Network';
  expect(foundIn(`${id} ${base64(id)} emulated-token. ${key.toLowerCase()}`)).toEqual([]);
});
