import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CookieSerializeOptions } from '@fastify/cookie';
import { roles } from '../../domain/roles.ts';
import type { Role } from '../../domain/roles.ts';
import type { CookieCipher } from './cookieCipher.ts';
import type { SignInAttempt } from './identityProvider.ts';

/** Who has signed in: an account of the identity provider, or whoever has an API key, by the key's SHA-256 in hexadecimal. */
type Session = { kind: 'account'; name: string; role: Role } | { kind: 'apiKey'; sha256: string };

/** The browser has to come back from the provider within this time. */
const attemptMs = 10 * 60_000;

/** Keeps sessions, and attempts to sign in, in encrypted cookies. */
export interface Sessions {
  /** The session of a request; undefined where there is none, or it has expired. */
  read(request: FastifyRequest): Promise<Session | undefined>;
  begin(reply: FastifyReply, session: Session): Promise<void>;
  end(reply: FastifyReply): void;
  /** Keeps what is needed when the browser comes back. */
  keepAttempt(reply: FastifyReply, attempt: SignInAttempt): Promise<void>;
  /** Takes it out: an attempt counts once. */
  takeAttempt(request: FastifyRequest, reply: FastifyReply): Promise<SignInAttempt | undefined>;
}

interface SessionOptions {
  cipher: CookieCipher;
  lifetimeMs: number;
  /** whether browsers reach Moat by https */
  secure: boolean;
}

export function createSessions({ cipher, lifetimeMs, secure }: SessionOptions): Sessions {
  // A browser accepts a name with this prefix only from this host, by https and for all paths.
  const prefix = secure ? '__Host-' : '';
  const sessionCookie = `${prefix}moat-session`;
  const attemptCookie = `${prefix}moat-sign-in`;
  // Lax: not sent with requests that other sites' pages make, except when a link is followed.
  const options: CookieSerializeOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure };

  return {
    async read({ cookies }) {
      const text = cookies[sessionCookie];
      const found = text === undefined ? undefined : await cipher.decrypt('session', text);
      return isSession(found?.['session']) ? found['session'] : undefined;
    },
    async begin(reply, session) {
      const value = await cipher.encrypt('session', { session }, lifetimeMs);
      reply.setCookie(sessionCookie, value, { ...options, maxAge: lifetimeMs / 1000 });
    },
    end: (reply) => void reply.clearCookie(sessionCookie, options),
    async keepAttempt(reply, attempt) {
      const value = await cipher.encrypt('signIn', { attempt }, attemptMs);
      reply.setCookie(attemptCookie, value, { ...options, maxAge: attemptMs / 1000 });
    },
    async takeAttempt({ cookies }, reply) {
      const text = cookies[attemptCookie];
      reply.clearCookie(attemptCookie, options);
      const found = text === undefined ? undefined : await cipher.decrypt('signIn', text);
      return found?.['attempt'] as SignInAttempt | undefined;
    },
  };
}

/** Also after an update: the cookie may be from an earlier version. */
function isSession(value: unknown): value is Session {
  const { kind, name, role, sha256 } = (value ?? {}) as Record<string, unknown>;
  if (kind === 'apiKey') return typeof sha256 === 'string';
  return kind === 'account' && typeof name === 'string' && roles.includes(role as Role);
}
