import { plannedResource } from '../../../domain/resources.ts';
import { existsAlready } from '../facts.ts';
import type { Facts, OfferedSize } from '../facts.ts';
import type { PreflightContext } from './preflightContext.ts';

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

/** Sizes and compute quota of the region; undefined where the jumpbox exists. */
export async function readMachines(context: PreflightContext): Promise<Facts['machines']> {
  const { azure, ref } = context;
  if (existsAlready(context, plannedResource(ref, 'virtualMachine').id)) return undefined;
  const [offered, usages] = await Promise.all([
    offeredSizes(context),
    Array.fromAsync(azure.clients(ref.subscriptionId).compute.usage.list(ref.location)),
  ]);
  return { offered, usages };
}
