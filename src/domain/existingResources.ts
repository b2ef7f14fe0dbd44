/** Resources that exist already and that the environment uses, by ARM id. Moat creates what is absent. */
export interface ExistingResources {
  workspace?: string;
  registry?: string;
  storageAccount?: string;
  vault?: string;
  applicationInsights?: string;
  /** of the jumpbox and of all private endpoints; its virtual network is used with it */
  subnet?: string;
  /** of the jumpbox: user-assigned */
  identity?: string;
  /** the private DNS zones to use, each named as Azure's documents name it */
  privateDnsZones?: string[];
  /** true: a policy writes the records of private endpoints, and Moat waits for them */
  zoneGroupsByPolicy?: boolean;
}

/** The ids of existing resources, by the key of the resource that Moat would create otherwise. */
export type ExistingIds = Partial<Record<string, string>>;

const networkOf = (subnetId: string): string => subnetId.replace(/\/subnets\/[^/]+$/i, '');
const zoneOf = (zoneId: string): string => zoneId.split('/').at(-1)!.toLowerCase();

/** The ids by resource key: `workspace`, `virtualNetwork`, `zone:privatelink.azurecr.io`. */
export function existingIds(existing: ExistingResources): ExistingIds {
  const { subnet, privateDnsZones = [], zoneGroupsByPolicy: _, ...resources } = existing;
  return {
    ...resources,
    ...(subnet !== undefined && { subnet, virtualNetwork: networkOf(subnet) }),
    ...Object.fromEntries(privateDnsZones.map((id) => [`zone:${zoneOf(id)}`, id])),
  };
}
