import type { ProofRow } from './environment.ts';

/** The result of probing one name from the jumpbox. */
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

/** Evaluates a probe from inside: the name must resolve to private addresses only, and a service must answer there. */
export function evaluateInside(probe: InsideProbe): ProofRow {
  const observed = `${probe.addresses.join(', ') || 'no address'}; ${probe.status === null ? (probe.error ?? 'no answer') : `HTTP ${probe.status}`}`;
  const passed =
    probe.addresses.length > 0 &&
    probe.addresses.every(isPrivateAddress) &&
    probe.status !== null &&
    probe.status < 500 &&
    probe.status !== 403;
  return { check: `${probe.name} from inside`, verdict: passed ? 'passed' : 'failed', observed };
}
