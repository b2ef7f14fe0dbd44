import table from '../../data/managed-online-vm-skus.json' with { type: 'json' };

/** A VM size that managed online deployments may use. */
export type InstanceType = (typeof table.skus)[number];

/** Allowed instance types (Azure docs: managed online endpoints VM SKU list). */
export const instanceTypes: readonly InstanceType[] = table.skus;

/** Looks the instance type up, ignoring case as the service does. */
export function instanceTypeOf(name: string): InstanceType | undefined {
  return instanceTypes.find(({ size }) => size.toLowerCase() === name.toLowerCase());
}

/** Cores that a deployment takes from its quota: 20 % of the instances are reserved for upgrades, rounded up. */
export function coresNeeded({ cores, skip20PctReservation }: InstanceType, instances: number): number {
  return (skip20PctReservation ? instances : Math.ceil((instances * 12) / 10)) * cores;
}
