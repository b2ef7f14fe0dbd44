import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** A field of an SSH key: its length, then its bytes (RFC 4251). */
function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A public key whose private key is discarded: Azure requires a key, but nobody signs in to the jumpbox. */
export async function unusablePublicKey(): Promise<string> {
  const { publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 3072 });
  const { n, e } = publicKey.export({ format: 'jwk' });
  // A leading zero keeps the modulus positive (RFC 4251, mpint).
  const modulus = Buffer.concat([Buffer.of(0), Buffer.from(n!, 'base64url')]);
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), field(Buffer.from(e!, 'base64url')), field(modulus)]);
  return `ssh-rsa ${blob.toString('base64')} moat`;
}
