import * as oidc from 'openid-client';
import { Problem } from '../../domain/problem.ts';

/** What is kept, encrypted in a cookie, while the browser is at the provider. */
export interface SignInAttempt {
  state: string;
  nonce: string;
  verifier: string;
  returnTo: string;
}

export interface ProviderOptions {
  issuer: string;
  clientId: string;
  /** null: a public client */
  clientSecret: string | null;
  /** where the provider sends the browser back to */
  redirectUri: string;
}

/** An OpenID Connect provider that signs users of the console in: by authorization code with PKCE. */
export interface IdentityProvider {
  /** The address of the provider's sign-in page. Throws Unavailable where the provider does not answer. */
  begin(returnTo: string): Promise<{ url: URL; attempt: SignInAttempt }>;
  /** The verified claims of the ID token for the address that the browser was sent back to. Throws where the provider refused, or the answer is not valid. */
  finish(url: URL, attempt: SignInAttempt): Promise<oidc.IDToken>;
}

/** Reads the provider's description at the first sign-in, and again after a failure. */
export function createIdentityProvider({ redirectUri, ...options }: ProviderOptions): IdentityProvider {
  let found: Promise<oidc.Configuration> | undefined;
  const provider = (): Promise<oidc.Configuration> => {
    found ??= discover(options).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
  return {
    async begin(returnTo) {
      const verifier = oidc.randomPKCECodeVerifier();
      const attempt = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier, returnTo };
      const url = oidc.buildAuthorizationUrl(await provider(), {
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
      });
      return { url, attempt };
    },
    async finish(url, { state, nonce, verifier }) {
      const tokens = await oidc.authorizationCodeGrant(await provider(), url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return tokens.claims()!;
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: Omit<ProviderOptions, 'redirectUri'>) {
  const authentication = clientSecret === null ? oidc.None() : oidc.ClientSecretBasic(clientSecret);
  const execute = [
    oidc.enableNonRepudiationChecks,
    // The settings accept such an issuer on loopback only.
    ...(issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []),
  ];
  try {
    return await oidc.discovery(new URL(issuer), clientId, undefined, authentication, { execute });
  } catch (error) {
    throw Object.assign(
      new Problem('Unavailable', `The identity provider ${issuer} does not answer.`, { retryAfter: 10 }),
      {
        cause: error,
      },
    );
  }
}
