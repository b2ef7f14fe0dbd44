import type { ListedEnvironment } from '../../../../src/client/index.ts';

export interface Attention {
  reason: string;
  /** what to do: a sentence, or a command */
  remedy: { text: string; isCommand: boolean } | undefined;
}

/** Whether a person has to act. */
export const needsAttention = ({ state }: ListedEnvironment): boolean => state === 'failed' || state === 'blocked';

/** Why a person has to act, and what helps first. */
export function attentionOf(environment: ListedEnvironment): Attention | undefined {
  if (!needsAttention(environment)) return undefined;
  const { receipt, failure } = environment;
  const blocker = receipt !== null && 'blockers' in receipt ? receipt.blockers[0] : undefined;
  if (blocker) return { reason: blocker.reason, remedy: { text: blocker.command, isCommand: true } };
  if (!failure) return undefined;
  const remedy = failure.remedy === '' ? undefined : { text: failure.remedy, isCommand: false };
  return { reason: `${failure.code}: ${failure.message}`, remedy };
}
