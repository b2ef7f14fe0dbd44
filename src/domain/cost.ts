import type { Spec } from './environment.ts';
import { hasManagedNetwork, needsFirewall } from './managedNetwork.ts';
import { hourlyPrice, priceList } from './prices.ts';
import type { CatalogueKey } from './resourceKeys.ts';

/** What one resource costs. */
export interface ResourceCost {
  /** US dollars; null where no price is known in advance, for the `reason` */
  perHour: number | null;
  sku: string | null;
  /** Azure's meter, with how often it counts: `2 × Virtual Machines Standard_DS2_v2` */
  meter: string | null;
  /** why there is no price, or why it is 0 */
  reason: string | null;
}

/** What an environment costs while it exists. */
export interface Cost {
  currency: string;
  /** sum of the known prices: usage comes on top, and resources without a price */
  perHour: number;
  /** number of resources without a price */
  unpriced: number;
  priceList: { date: string; region: string; source: string };
}

/** Free by themselves (Azure pricing pages of each service). */
const free: ReadonlySet<CatalogueKey> = new Set([
  'networkSecurityGroup',
  'virtualNetwork',
  'zoneLink',
  'zoneGroup',
  'identity',
  'workspace',
  'networkInterface',
  'onlineEndpoint',
]);

/** Billed by use only, which nobody knows in advance. */
const byUse: Partial<Record<CatalogueKey, string>> = {
  logAnalytics: 'charged by the data that it takes in and keeps',
  applicationInsights: 'charged by the data that it takes in',
  storageAccount: 'charged by stored data and operations',
  vault: 'charged by operations',
};

/** Premium SSDs are billed by the next larger step; P6 has 64 GiB (Azure docs: managed disk types). */
const diskSku = (gb: number): string => (gb > 32 && gb <= 64 ? 'Premium SSD P6' : `Premium SSD of ${gb} GB`);

/** Each private endpoint of a managed network: storage account (blob and file), vault, registry, and the workspace unless it is open. */
const networkEndpoints = ({ workspacePublicNetworkAccess, outboundRules }: Spec): number =>
  4 +
  (workspacePublicNetworkAccess === 'disabled' ? 1 : 0) +
  outboundRules.filter(({ type }) => type === 'privateEndpoint').length;

/** The SKU of a resource that is billed by the hour, and how many of it. */
function billedAs(row: CatalogueKey, { jumpbox, instanceType, instanceCount }: Spec): [sku: string, count: number] {
  switch (row) {
    case 'natAddress':
      return ['Standard static public IPv4', 1];
    case 'natGateway':
      return ['Standard NAT gateway', 1];
    case 'zone':
      return ['Private DNS zone', 1];
    case 'privateEndpoint':
      return ['Private endpoint', 1];
    case 'registry':
      return ['Premium registry', 1];
    case 'virtualMachine':
      return [jumpbox.sizes[0]!, 1];
    case 'disk':
      return [diskSku(jumpbox.diskGb), 1];
    // the machines are billed; the service itself costs nothing (Azure docs: managed online endpoints, cost)
    case 'deployment':
      return [instanceType, instanceCount];
    default:
      return [row, 1];
  }
}

/** Tenths of a millionth of a dollar: sums have no binary residue. */
const roundCost = (amount: number): number => Math.round(amount * 1e7) / 1e7;

/** What a managed virtual network costs by the hour: its private endpoints, and a firewall while it has a rule about a host name. */
export const networkCosts = (spec: Spec): { title: string; cost: ResourceCost }[] =>
  hasManagedNetwork(spec)
    ? [
        { title: 'private endpoints of the managed network', cost: priced('Private endpoint', networkEndpoints(spec)) },
        ...(needsFirewall(spec)
          ? [{ title: 'firewall of the managed network', cost: priced('Basic firewall', 1) }]
          : []),
      ]
    : [];

/** What a resource of the catalogue costs by the hour. A SKU that the list lacks has no price; it is never 0. */
export function costOf(row: CatalogueKey, spec: Spec): ResourceCost {
  if (free.has(row)) return { perHour: 0, sku: null, meter: null, reason: 'free of charge' };
  const use = byUse[row];
  if (use !== undefined) return { perHour: null, sku: null, meter: null, reason: use };
  return priced(...billedAs(row, spec));
}

function priced(sku: string, count: number): ResourceCost {
  const price = hourlyPrice(sku);
  if (!price) {
    const reason = `the price list of ${priceList.date} has no price of ${sku}`;
    return { perHour: null, sku, meter: null, reason };
  }
  const meter = count === 1 ? price.meter : `${count} × ${price.meter}`;
  return { perHour: roundCost(count * price.perHour), sku, meter, reason: null };
}

/** The sum of the costs of resources. */
export function totalCost(costs: readonly ResourceCost[]): Cost {
  const { date, currency, region, source } = priceList;
  return {
    currency,
    perHour: roundCost(costs.reduce((sum, { perHour }) => sum + (perHour ?? 0), 0)),
    unpriced: costs.filter(({ perHour }) => perHour === null).length,
    priceList: { date, region, source },
  };
}
