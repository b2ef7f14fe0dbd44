import {
  chooseAnotherJumpbox,
  chooseAnotherSize,
  postWith,
  requestQuota,
  retryByPost,
} from '../../../domain/remedies.ts';
import { row, textRow } from './row.ts';
import type { FailureRow } from './row.ts';

const virtualMachine = /\/virtualMachines$/i;
const missingCores =
  '<size> has a limit of <limit> cores in <location>, of which <usage> are in use, and <needed> more are needed';

/** Capacity, which comes back by itself, and quota, which does not. */
export const capacityRows: readonly FailureRow[] = [
  // Azure/mlops-v2#124, MicrosoftLearning/mslearn-azure-ml#30
  textRow(
    /not enough quota available for (?<size>\S+) in .*?usage\/limit: (?<usage>\d+)\/(?<limit>\d+)\. Additional needed: (?<needed>\d+)/is,
    'Quota',
    'giveUp',
    `${missingCores}: request quota (Azure portal, Quotas, Machine learning), then ${retryByPost}; or ${chooseAnotherSize}`,
  ),
  row(
    'OperationNotAllowed QuotaExceeded',
    'Quota',
    'giveUp',
    `${missingCores}: request quota (Azure portal, Quotas, Compute), then ${retryByPost}; or ${chooseAnotherJumpbox}`,
    {
      text: /exceeding approved (?<size>.+?) cores quota.*current limit: (?<limit>\d+), current usage: (?<usage>\d+), additional required: (?<needed>\d+)/is,
    },
  ),
  // Azure-Samples/azuresandbox#70: a size that is offered, and has no free machines now
  row('SkuNotAvailable', 'Capacity', 'slow', chooseAnotherJumpbox, {
    text: /capacity restrictions/i,
    on: virtualMachine,
  }),
  row('SkuNotAvailable', 'Capacity', 'slow', chooseAnotherSize, { text: /capacity restrictions/i }),
  // the older text: the size is not offered to the subscription in this location
  row('SkuNotAvailable', 'Capacity', 'giveUp', chooseAnotherJumpbox, { on: virtualMachine }),
  row('SkuNotAvailable', 'Capacity', 'giveUp', chooseAnotherSize),
  row(
    'AllocationFailed ZonalAllocationFailed OverconstrainedAllocationRequest OverconstrainedZonalAllocationRequest',
    'Capacity',
    'slow',
    chooseAnotherJumpbox,
    { on: virtualMachine },
  ),
  row(
    'AllocationFailed ZonalAllocationFailed OverconstrainedAllocationRequest OverconstrainedZonalAllocationRequest',
    'Capacity',
    'slow',
    chooseAnotherSize,
  ),
  row('OutOfQuota', 'Capacity', 'slow', chooseAnotherSize, { text: /region-wide|capacity/i }),
  row(
    'PublicIPCountLimitReached IPv4StandardSkuPublicIpCountLimitReached',
    'Quota',
    'giveUp',
    `az network public-ip list --output table lists the addresses of the subscription: delete those that are unused, then ${retryByPost}; or ${postWith('"location"')}`,
  ),
  row(
    'RoleAssignmentLimitExceeded',
    'Quota',
    'giveUp',
    `az role assignment list --all --output table lists the assignments: delete those that are unused, then ${retryByPost}`,
  ),
  row(
    'RoleDefinitionLimitExceeded',
    'Quota',
    'giveUp',
    `az role definition list --custom-role-only --output table lists the custom roles of the tenant: az role definition delete removes one that is unused, then ${retryByPost}`,
  ),
  row('OutOfQuota QuotaExceeded ResourceQuotaExceeded', 'Quota', 'giveUp', requestQuota),
  row('OperationNotAllowed', 'Quota', 'giveUp', requestQuota, { text: /quota/i }),
];
