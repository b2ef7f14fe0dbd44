import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createCodec } from '../../src/temporal/payloadCodec.ts';

const keyNamed = (id: string) => ({ id, key: randomBytes(32).toString('base64') });
const [old, current] = [keyNamed('k1'), keyNamed('k2')];

const value = { message: 'the endpoint answers', rows: [1, 2, 3], text: 'ä€😀' };
const plain = () => defaultPayloadConverter.toPayload(value);
const bytesOf = (data: Uint8Array | null | undefined): Buffer => Buffer.from(data ?? []);

test('an encrypted payload is decrypted with the key, and is unreadable without it', async () => {
  const codec = createCodec([current]);
  const [sealed] = await codec.encode([plain()]);
  expect(bytesOf(sealed!.metadata!['encoding']).toString()).toBe('binary/encrypted');
  expect(bytesOf(sealed!.metadata!['encryption-key-id']).toString()).toBe('k2');
  expect(bytesOf(sealed!.data).toString('latin1')).not.toContain('endpoint');
  const [opened] = await codec.decode([sealed!]);
  expect(defaultPayloadConverter.fromPayload(opened!)).toEqual(value);
});

test('the same value is never encrypted to the same bytes', async () => {
  const [one, other] = await createCodec([current]).encode([plain(), plain()]);
  expect(bytesOf(one!.data).equals(bytesOf(other!.data))).toBe(false);
});

test('a changed payload is rejected: a flipped bit, a changed length, or another key id', async () => {
  const codec = createCodec([current, old]);
  const [sealed] = await codec.encode([plain()]);
  const data = bytesOf(sealed!.data);
  for (const at of [0, 12, data.length - 1]) {
    const changed = Buffer.from(data);
    changed[at]! ^= 1;
    await expect(codec.decode([{ ...sealed, data: changed }]), `byte ${at}`).rejects.toThrow(/it was changed/);
  }
  for (const length of [0, 11, 27, data.length - 1])
    await expect(codec.decode([{ ...sealed, data: data.subarray(0, length) }])).rejects.toThrow(/it was changed/);
  const metadata = { ...sealed!.metadata, 'encryption-key-id': Buffer.from('k1') };
  await expect(codec.decode([{ ...sealed, metadata }])).rejects.toThrow(/it was changed/);
  const renamed = createCodec([{ id: 'k1', key: current.key }]);
  await expect(renamed.decode([{ ...sealed, metadata }]), 'the same key with another id').rejects.toThrow(/changed/);
});

test('the first key encrypts; payloads of later keys can still be decrypted', async () => {
  const before = await createCodec([old]).encode([plain()]);
  const rotated = createCodec([current, old]);
  expect(defaultPayloadConverter.fromPayload((await rotated.decode(before))[0]!)).toEqual(value);
  const [after] = await rotated.encode([plain()]);
  expect(bytesOf(after!.metadata!['encryption-key-id']).toString()).toBe('k2');
});

test('the error names the key that is missing', async () => {
  const before = await createCodec([old]).encode([plain()]);
  const missing = /encrypted with the key k1, which is neither in MOAT_ENCRYPTION_KEYS nor in encryption.key/;
  await expect(createCodec([current]).decode(before)).rejects.toThrow(missing);
  await expect(createCodec([]).decode(before)).rejects.toThrow(missing);
});

test('payloads written without keys stay readable, and without keys nothing is encrypted', async () => {
  const [payload] = await createCodec([current]).decode([plain()]);
  expect(defaultPayloadConverter.fromPayload(payload!)).toEqual(value);
  expect(await createCodec([]).encode([plain()])).toEqual([plain()]);
});
