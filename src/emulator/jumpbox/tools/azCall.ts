import type { ResolvedCommandContext } from 'just-bash';
import type { Options } from '../commandOptions.ts';
import type { Machine } from '../machine.ts';

/** Input of a subcommand of `az`, with the token of the signed-in identity. */
export interface AzCall {
  machine: Machine;
  options: Options;
  token: string;
  /** subscriptions in which the identity had a role when it signed in */
  subscriptions: string[];
  context: ResolvedCommandContext;
}

/** A subcommand's result: what it would print as JSON (undefined: nothing), or its error message. */
export type AzResult = { result?: unknown } | { error: string };
