import type { ProofRow } from './environment.ts';

/** What the jumpbox saw of one name: its addresses, and what answered. */
export interface InsideProbe {
  name: string;
  url: string;
  addresses: string[];
  status: number | null;
  error: string | null;
}

const privateRanges = [/^10\./, /^192\.168\./, /^172\.(1[6-9]|2\d|3[01])\./, /^f[cd][0-9a-f]{2}:/i];

/** Whether an address is of a private range (RFC 1918, RFC 4193). */
export const isPrivateAddress = (address: string): boolean => privateRanges.some((range) => range.test(address));

/** Inside, a name must resolve to private addresses only, and something must answer there. */
export function evaluateInside(view: InsideProbe): ProofRow {
  const observed = `${view.addresses.join(', ') || 'no address'}; ${view.status === null ? (view.error ?? 'no answer') : `HTTP ${view.status}`}`;
  const passed =
    view.addresses.length > 0 &&
    view.addresses.every(isPrivateAddress) &&
    view.status !== null &&
    view.status < 500 &&
    view.status !== 403;
  return { check: `${view.name} from inside`, verdict: passed ? 'passed' : 'failed', observed };
}
