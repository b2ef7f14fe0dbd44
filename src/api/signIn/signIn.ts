import type { Caller } from '../../domain/roles.ts';
import type { IdentityProvider } from './identityProvider.ts';
import type { Sessions } from './sessions.ts';

/** How users of the console sign in. */
export interface SignIn {
  sessions: Sessions;
  /** whether the key of an API key opens a session */
  apiKeys: boolean;
  /** null: none is configured */
  provider: {
    client: IdentityProvider;
    /** whom the claims of an ID token name; throws Forbidden where they name no role */
    callerOf: (claims: Record<string, unknown>) => Pick<Caller, 'name' | 'role'>;
  } | null;
  /** base address at which browsers reach Moat */
  publicUrl: string | null;
}
