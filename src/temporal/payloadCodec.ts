import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { Problem } from '../domain/problem.ts';

/** 32 bytes in base64, with a public id. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: string;
}

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;
const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
const encoding = 'binary/encrypted';
const encodingBytes = new TextEncoder().encode(encoding);
const keyIdField = 'encryption-key-id';

const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

const unreadable = (why: string): Problem =>
  new Problem('Unavailable', `A payload stored in Temporal cannot be read: ${why}`, { retryAfter: 60 });

/** The payload is a nonce, the encrypted message of the plain payload and GCM's tag; the key's id is authenticated with it. */
function encrypt(payload: Payload, { id, key }: { id: Uint8Array; key: KeyObject }): Payload {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes }).setAAD(id);
  const data = [iv, cipher.update(PayloadMessage.encode(payload).finish()), cipher.final(), cipher.getAuthTag()];
  return {
    metadata: { encoding: encodingBytes, [keyIdField]: id },
    data: Buffer.concat(data),
  };
}

function decrypt(data: Buffer, id: string, key: KeyObject): Payload {
  const decipher = createDecipheriv(algorithm, key, data.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(id)).setAuthTag(data.subarray(-tagBytes));
  const plain = Buffer.concat([decipher.update(data.subarray(ivBytes, -tagBytes)), decipher.final()]);
  return PayloadMessage.decode(plain);
}

/**
 * Encrypts payloads with AES-256-GCM under the first key, and decrypts what any of the keys encrypted. Without keys it
 * leaves payloads as they are; payloads that were never encrypted can always be read. Decoding throws Unavailable when the key is
 * missing, or when the payload was changed.
 */
export function createCodec(keys: readonly EncryptionKey[]): PayloadCodec {
  // created once: a key given as bytes would be prepared again for each payload, which costs more than the encryption
  const ring = new Map(keys.map(({ id, key }) => [id, createSecretKey(key, 'base64')]));
  const [first] = [...ring].map(([id, key]) => ({ id: new TextEncoder().encode(id), key }));

  function decode(payload: Payload): Payload {
    if (textOf(payload.metadata?.['encoding']) !== encoding) return payload;
    const id = textOf(payload.metadata?.[keyIdField]);
    const key = ring.get(id);
    if (!key)
      throw unreadable(
        `it was encrypted with the key ${id}, which is neither in MOAT_ENCRYPTION_KEYS nor in encryption.key of the data directory.`,
      );
    try {
      return decrypt(Buffer.from(payload.data ?? []), id, key);
    } catch {
      throw unreadable(`it was changed, or another key has the ID ${id} now.`);
    }
  }

  return {
    encode: async (payloads) => (first ? payloads.map((payload) => encrypt(payload, first)) : payloads),
    decode: async (payloads) => payloads.map(decode),
  };
}
