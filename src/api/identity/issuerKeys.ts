import { createRemoteJWKSet, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { Problem } from '../../domain/problem.ts';

const timeoutMs = 5_000;

/** How often a token with an unknown key may cause the keys to be read again. */
const usualCooldownMs = 30_000;

/** The address of the issuer's keys (OpenID Connect Discovery 1.0, section 4). */
async function discoverKeys(issuer: string): Promise<URL> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (document.issuer !== issuer) throw new Error(`${address} names another issuer`);
  if (typeof document.jwks_uri !== 'string') throw new Error(`${address} names no keys`);
  return new URL(document.jwks_uri);
}

/** Errors of a token, not of the provider. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

/**
 * The public keys of an issuer, for jose: found by discovery at the first token, read again after ten minutes, and when a token names an
 * unknown key. Throws Unavailable where the provider does not answer.
 */
export function createIssuerKeys(issuer: string, cooldownMs = usualCooldownMs): JWTVerifyGetKey {
  let keySet: Promise<JWTVerifyGetKey> | undefined;

  function readKeySet(): Promise<JWTVerifyGetKey> {
    keySet ??= discoverKeys(issuer)
      .then((url) => createRemoteJWKSet(url, { cooldownDuration: cooldownMs, timeoutDuration: timeoutMs }))
      .catch((error: unknown) => {
        keySet = undefined;
        throw error;
      });
    return keySet;
  }

  return async (header, token) => {
    try {
      return await (
        await readKeySet()
      )(header, token);
    } catch (error) {
      if (isOfToken(error)) throw error;
      throw new Problem(
        'Unavailable',
        `The keys of the OpenID Connect provider ${issuer} cannot be read: ${error instanceof Error ? error.message : 'unknown error'}.`,
        { retryAfter: 5 },
      );
    }
  };
}
