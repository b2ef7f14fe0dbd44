import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto';

/** The installation's key for proofs. */
export interface ProofKey {
  /** SHA-256 of the public key in DER (SubjectPublicKeyInfo), hexadecimal */
  keyId: string;
  /** PEM (SubjectPublicKeyInfo) */
  publicKey: string;
  /** the Ed25519 signature (RFC 8032) of the text's UTF-8 bytes, in base64 */
  sign(text: string): string;
}

/** What precedes the 32 bytes of a private Ed25519 key in PKCS #8 (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Derives the key from the installation's seal key (HKDF-SHA256, RFC 5869): all processes have the same one, at every start, and nothing more is
 * stored. Another seal key gives another proof key; the seal key cannot be derived from it.
 */
export function proofKeyOf(sealKey: string): ProofKey {
  const seed = Buffer.from(hkdfSync('sha256', sealKey, '', 'moat-proof-key ed25519', 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: createHash('sha256')
      .update(publicKey.export({ format: 'der', type: 'spki' }))
      .digest('hex'),
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  };
}
