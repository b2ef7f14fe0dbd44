import type { ListedEnvironment } from '../../../../src/client/index.ts';
import { brokenText } from '../../components/brokenProof.ts';
import { blockerText } from '../../components/resourceName.ts';

export interface Attention {
  reason: string;
  /** what to do: a sentence, or a command */
  remedy: { text: string; isCommand: boolean } | undefined;
}

/** Why a person has to act, and what helps first; undefined where nobody has to. */
export function attentionOf({ state, blockers, failure, proof }: ListedEnvironment): Attention | undefined {
  if (state === 'ready') return brokenAttention(brokenText(proof));
  if (state !== 'failed' && state !== 'blocked') return undefined;
  const [blocker] = blockers;
  if (blocker) return { reason: blockerText(blocker), remedy: { text: blocker.command, isCommand: true } };
  if (!failure) return undefined;
  const remedy = failure.remedy === '' ? undefined : { text: failure.remedy, isCommand: false };
  return { reason: `${failure.code}: ${failure.message}`, remedy };
}

/** The remedy is that of the run: the page of the environment shows it with the proof. */
const brokenAttention = (reason: string | undefined): Attention | undefined =>
  reason === undefined ? undefined : { reason, remedy: undefined };
