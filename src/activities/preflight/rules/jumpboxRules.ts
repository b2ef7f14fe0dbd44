import { chooseJumpboxSizes } from '../../../domain/jumpbox.ts';
import type { OfferedSize } from '../facts.ts';
import { defineRule, observation } from '../rule.ts';
import { quotaOf } from './usages.ts';
import type { Usage } from './usages.ts';

/** Why a size cannot be used; undefined where nothing is known against it (Azure docs: vCPU quotas count by family and by region). */
function obstacle(size: OfferedSize | undefined, usages: readonly Usage[]): string | undefined {
  if (!size) return 'not offered in the region';
  if (size.restriction !== undefined) return `not available to the subscription (${size.restriction})`;
  for (const quota of [size.family, 'cores']) {
    const { used, limit } = quotaOf(usages, quota) ?? { used: 0, limit: Infinity };
    if (limit - used < size.cores) return `needs ${size.cores} cores of ${quota}, usage/limit: ${used}/${limit}`;
  }
  return undefined;
}

/** At least one of the jumpbox's sizes is offered to the subscription and fits into the compute quota. */
export const jumpboxSizes = defineRule({
  id: 'VM-SIZE',
  title: "The first of the jumpbox's sizes is offered to the subscription and fits into the compute quota",
  reads: ['machines'],
  severities: ['blocks', 'warns'],
  source: 'Azure docs: resolve errors for SKU not available; vCPU quotas',
  check({ machines, environment: { spec, ref } }) {
    if (!machines) return [];
    const { sizes } = spec.jumpbox;
    const obstacles = sizes.map((size) => obstacle(machines.offered.get(size.toLowerCase()), machines.usages));
    const usable = sizes.find((_, i) => obstacles[i] === undefined);
    const reasons = sizes.flatMap((size, i) => (obstacles[i] === undefined ? [] : [`${size}: ${obstacles[i]}`]));
    if (reasons.length === 0) return [];
    const message = `the jumpbox in ${ref.location}: ${reasons.join('; ')}`;
    return usable === undefined
      ? [observation('blocks', message, chooseJumpboxSizes)]
      : [observation('warns', `${message}; ${usable} is available`)];
  },
});
