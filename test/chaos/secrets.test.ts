import { expect, it } from 'vitest';
import { createSecretSearch } from '../../chaos/secrets.ts';

const key = 'z4jKXll1frmUUlAhVaib/nZfxn5BXz6dbPB8zl80+gcmb2oTcmHiWcrMmsNaPqg==';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const json = JSON.stringify;

function foundIn(text: string, secret = key): string[] {
  const search = createSecretSearch();
  search.see('the answer', text);
  search.learn([secret]);
  return search.found().map(({ where }) => where);
}

it.each([
  ['as it is', `key ${key}.`],
  ['in JSON', json({ said: `\n${key}\n` })],
  ['in JSON in JSON', json(json({ said: `\n${key}\t` }))],
  ['in JSON that spells out signs', `"\\u002b${key}"`],
  ['in a URL', `https://x.example/?sig=%2B${encodeURIComponent(key)}`],
  ['in base64', `authorization: Basic ${base64(`00000000:${key}`)}`],
  ['in base64 of JSON', json({ data: base64(json({ said: `\n${key}` })) })],
])('a key that leaks %s is found', (_where, text) => {
  expect(foundIn(text)).toEqual(['the answer']);
});

it('a key that signs tear into short pieces is found', () => {
  expect(foundIn('2B+jH/NmAByvnB/V0qAx7HtKwz1+6NNTyj8HB/w', '2B+jH/NmAByvnB/V0qAx7HtKwz1+6NNTyj8HB/w')).toHaveLength(1);
});

const part = (value: object): string => Buffer.from(json(value)).toString('base64url');

it.each([
  ["the machine's identity", `emulated-token.${part({ clientId: 'a', principalId: 'b' })}`],
  ['who signs in', `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ appid: 'an application' })}.c2lnbmVk`],
])('a token of %s is found, though no token is known', (_whose, token) => {
  expect(foundIn(`"Bearer ${token}"`)).toEqual(['the answer: a token']);
});

it('ids, names and other keys are no finding', () => {
  const id = '/subscriptions/00000000-0000-4000-8000-0000c4a05c4a/resourceGroups/rg-moat-x/providers/Microsoft.Network';
  expect(foundIn(`${id} ${base64(id)} emulated-token. ${key.toLowerCase()}`)).toEqual([]);
});
