/** One meter of Azure's retail prices, pay as you go, in US dollars. */
interface Price {
  /** what a resource is billed as; in a virtual machine's size, `#` stands for the number of cores */
  sku: string;
  meter: string;
  /** per `unit`; of a size with `#`: per core and `unit` */
  price: number;
  unit: 'hour' | 'day' | 'month';
}

/**
 * From what and when the list was compiled; the copies that it comes from may be older. Azure publishes the prices without a login (Azure docs:
 * Retail Prices REST API, https://prices.azure.com/api/retail/prices); other regions, and contracts, have other prices.
 */
export const priceList = {
  date: '2026-11-27',
  currency: 'USD',
  region: 'westus2',
  source:
    'Azure Retail Prices, as republished: virtual machines by the SkyPilot catalog (skypilot-org/skypilot-catalog, azure), the other meters by public notes of 2026 that quote the Retail Prices API',
} as const;

/** Hours of a month, as Azure's pricing pages count them. */
const hoursPerMonth = 730;

const meters: readonly Price[] = [
  { sku: 'Standard static public IPv4', meter: 'Standard IPv4 Static Public IP', price: 0.005, unit: 'hour' },
  { sku: 'Standard NAT gateway', meter: 'Standard Gateway', price: 0.045, unit: 'hour' },
  { sku: 'Private DNS zone', meter: 'Private Zone', price: 0.5, unit: 'month' },
  { sku: 'Private endpoint', meter: 'Standard Private Endpoint', price: 0.01, unit: 'hour' },
  { sku: 'Basic firewall', meter: 'Basic Deployment', price: 0.395, unit: 'hour' },
  { sku: 'Premium registry', meter: 'Premium Registry Unit', price: 1.6666, unit: 'day' },
  { sku: 'Premium SSD P6', meter: 'P6 LRS Disk', price: 9.2801, unit: 'month' },
];

/** Linux sizes whose price is proportional to their cores. */
const perCore: Record<string, number> = {
  'Standard_D#s_v5': 0.048,
  'Standard_D#as_v5': 0.043,
  'Standard_D#s_v4': 0.048,
  'Standard_D#s_v3': 0.048,
  'Standard_D#as_v4': 0.048,
  'Standard_D#a_v4': 0.048,
  'Standard_E#s_v3': 0.063,
  'Standard_L#s_v2': 0.078,
  'Standard_FX#mds': 0.093,
};

/** Linux sizes with a price of their own. */
const perSize: Record<string, number> = {
  Standard_DS1_v2: 0.057,
  Standard_DS2_v2: 0.114,
  Standard_DS3_v2: 0.229,
  Standard_DS4_v2: 0.458,
  Standard_DS5_v2: 0.916,
  Standard_F2s_v2: 0.0846,
  Standard_F4s_v2: 0.169,
  Standard_F8s_v2: 0.338,
  Standard_F16s_v2: 0.677,
  Standard_F32s_v2: 1.353,
  Standard_F48s_v2: 2.03,
  Standard_F64s_v2: 2.706,
  Standard_F72s_v2: 3.045,
};

const machines = Object.entries({ ...perCore, ...perSize }).map(([sku, price]): Price => ({
  sku,
  meter: `Virtual Machines ${sku}`,
  price,
  unit: 'hour',
}));

const hoursOf = { hour: 1, day: 24, month: hoursPerMonth } as const;

/** A price by the hour, with the meter that it comes from. */
export interface HourlyPrice {
  sku: string;
  meter: string;
  perHour: number;
}

/** The price of a SKU by the hour; undefined where the list has none. Sizes are case-insensitive, as in Azure. */
export function hourlyPrice(sku: string): HourlyPrice | undefined {
  const [wanted, wantedFamily] = [sku.toLowerCase(), sku.toLowerCase().replace(/\d+/, '#')];
  const found =
    [...meters, ...machines].find((one) => one.sku.toLowerCase() === wanted) ??
    machines.find((one) => one.sku.toLowerCase() === wantedFamily);
  if (!found) return undefined;
  const units = found.sku.includes('#') ? Number(/\d+/.exec(sku)![0]) : 1;
  return { sku, meter: found.meter.replace('#', String(units)), perHour: (found.price * units) / hoursOf[found.unit] };
}
