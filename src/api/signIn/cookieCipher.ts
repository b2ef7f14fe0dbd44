import { hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { JWTPayload } from 'jose';

/** What a cookie is for: one of another purpose does not decrypt. */
type Purpose = 'session' | 'signIn';

/** Encrypts the values of cookies, which nobody but an API process of this installation can read or make. */
export interface CookieCipher {
  /** The value expires after so many milliseconds. */
  encrypt(purpose: Purpose, value: JWTPayload, lifetimeMs: number): Promise<string>;
  /** undefined: it is not from this installation, or it has expired */
  decrypt(purpose: Purpose, text: string): Promise<JWTPayload | undefined>;
}

/**
 * Derives the key from the installation's seal key (HKDF-SHA256, RFC 5869): all API processes have the same one, at every start, and nothing more is
 * stored. A value is an encrypted JWT (AES-256-GCM).
 */
export function cookieCipherOf(sealKey: string): CookieCipher {
  const key = new Uint8Array(hkdfSync('sha256', sealKey, '', 'moat-cookie-key a256gcm', 32));
  return {
    encrypt: (purpose, value, lifetimeMs) =>
      new EncryptJWT(value)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(purpose)
        .setExpirationTime(new Date(Date.now() + lifetimeMs))
        .encrypt(key),
    decrypt: (purpose, text) =>
      jwtDecrypt(text, key, {
        audience: purpose,
        requiredClaims: ['exp'],
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      }).then(
        ({ payload }) => payload,
        () => undefined,
      ),
  };
}
