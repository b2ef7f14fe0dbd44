import { accessRows } from './access.ts';
import { azureRows } from './azureFailures.ts';
import { busyRows } from './busy.ts';
import { capacityRows } from './capacity.ts';
import { consistencyRows } from './consistency.ts';
import { endpointRows } from './endpoint.ts';
import { nameRows } from './names.ts';
import { requestRows } from './requests.ts';
import type { FailureRow } from './row.ts';

/**
 * ARM's codes and messages and what they mean; the first row that matches decides, so the specific are before the general. Codes and
 * messages nested in the error count too. Sources: Azure docs "common deployment errors", "request limits and throttling",
 * "troubleshoot online endpoints", and the rules and reports named behind the rows.
 */
export const failureRows: readonly FailureRow[] = [
  ...accessRows,
  ...endpointRows,
  ...capacityRows,
  ...busyRows,
  ...consistencyRows,
  ...nameRows,
  ...requestRows,
  ...azureRows,
];
