import type { Lease } from '../../client/index.ts';
import { durationText } from '../output/text.ts';

/** How long an environment may still live, like `7 h 12 m`. */
export function leaseText({ expiresAt, protected: isProtected, markedAt }: Lease): string {
  if (isProtected) return 'protected';
  if (markedAt !== null) return 'expired, marked for teardown';
  const remaining = Date.parse(expiresAt) - Date.now();
  return remaining > 0 ? durationText(remaining) : 'expired';
}
