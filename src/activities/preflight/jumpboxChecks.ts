import { chooseJumpboxSizes } from '../../domain/jumpbox.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { plannedResource } from '../../domain/resources.ts';
import { finding, existsAlready } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';
import { coresOf } from './quotaChecks.ts';
import type { CoreUsage } from './quotaChecks.ts';

interface OfferedSize {
  family: string;
  cores: number;
  /** why this subscription cannot use it in the whole region */
  restriction: string | undefined;
}

/** The sizes that the region offers, by name in lower case. */
async function offeredSizes({ azure, ref }: PreflightContext): Promise<Map<string, OfferedSize>> {
  const offered = new Map<string, OfferedSize>();
  const filter = `location eq '${ref.location}'`;
  for await (const sku of azure.clients(ref.subscriptionId).compute.resourceSkus.list({ filter })) {
    if (sku.resourceType !== 'virtualMachines' || !sku.name) continue;
    const cores = Number(sku.capabilities?.find(({ name }) => name === 'vCPUs')?.value ?? 0);
    const whole = sku.restrictions?.find(({ type }) => type === 'Location');
    const restriction = whole && (whole.reasonCode ?? 'restricted');
    offered.set(sku.name.toLowerCase(), { family: sku.family ?? '', cores, restriction });
  }
  return offered;
}

/** Why a size cannot be used; undefined where nothing is known against it (Azure docs: vCPU quotas count by family and by region). */
function obstacle(size: OfferedSize | undefined, usages: readonly CoreUsage[]): string | undefined {
  if (!size) return 'not offered in the region';
  if (size.restriction !== undefined) return `not available to the subscription (${size.restriction})`;
  for (const quota of [size.family, 'cores']) {
    const { used, limit } = coresOf(usages, quota) ?? { used: 0, limit: Infinity };
    if (limit - used < size.cores) return `needs ${size.cores} cores of ${quota}, usage/limit: ${used}/${limit}`;
  }
  return undefined;
}

/** At least one of the jumpbox's sizes is offered to the subscription and fits into the compute quota. */
export async function checkJumpboxSizes(context: PreflightContext): Promise<Finding[]> {
  const { azure, ref, spec } = context;
  if (existsAlready(context, plannedResource(ref, 'virtualMachine').id)) return [];
  const [offered, usages] = await Promise.all([
    offeredSizes(context),
    Array.fromAsync(azure.clients(ref.subscriptionId).compute.usage.list(ref.location)),
  ]);
  const { sizes } = spec.jumpbox;
  const obstacles = sizes.map((size) => obstacle(offered.get(size.toLowerCase()), usages));
  const usable = sizes.find((_, i) => obstacles[i] === undefined);
  const reasons = sizes.flatMap((size, i) => (obstacles[i] === undefined ? [] : [`${size}: ${obstacles[i]}`]));
  if (reasons.length === 0) return [];
  const message = `the jumpbox in ${ref.location}: ${reasons.join('; ')}`;
  return usable === undefined
    ? [finding('VM-SIZE', 'blocks', message, chooseJumpboxSizes)]
    : [finding('VM-SIZE', 'warns', `${message}; ${usable} is available`, '')];
}
