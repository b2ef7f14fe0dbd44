import { errors, jwtVerify } from 'jose';
import type { OidcConfig } from '../../config.ts';
import { HttpProblem } from '../problems.ts';
import { bearerToken } from './authenticator.ts';
import type { Authenticator } from './authenticator.ts';
import { callerOf } from './claims.ts';
import { createIssuerKeys } from './issuerKeys.ts';

/** Signatures by a private key only: with a shared secret (HS256), whoever can check a token can make one. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

const clockSkewSeconds = 60;

const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text);

/** Recognises callers by access tokens (JWT) of an OpenID Connect provider. Throws Unavailable where the provider's keys cannot be read. */
export function authenticateByToken(oidc: OidcConfig, keys = createIssuerKeys(oidc.issuer)): Authenticator {
  const { issuer, audience } = oidc;
  const options = { issuer, audience, algorithms, clockTolerance: clockSkewSeconds, requiredClaims: ['exp', 'sub'] };
  return async (request) => {
    const token = bearerToken(request);
    if (token === undefined || !isToken(token)) return undefined;
    const { payload } = await jwtVerify(token, keys, options).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? new HttpProblem('Unauthorized', reasonOf(error)) : error;
    });
    return callerOf(payload, oidc, 'oidc');
  };
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The access token has expired. Get a new one.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'The access token is for another audience.';
    if (error.claim === 'iss') return 'The access token is from another issuer.';
    return `The claim ${error.claim} of the access token is missing or not valid.`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return "The algorithm of the access token's signature is not allowed.";
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'The access token is signed with a key that its issuer does not publish.';
  return 'The access token is not valid.';
}
