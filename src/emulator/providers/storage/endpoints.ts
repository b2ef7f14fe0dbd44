import type { JsonObject, Resource } from '../../arm/model.ts';

/**
 * The number in the names of static websites, `{account}.z22.web.core.windows.net`, by region: of westus from recorded tests of
 * Azure/azure-cli, of the others as public configurations name them. Newer regions have 1.
 */
const webZones: Record<string, number> = {
  australiaeast: 8,
  australiasoutheast: 26,
  brazilsouth: 15,
  canadacentral: 9,
  canadaeast: 27,
  centralus: 19,
  eastasia: 7,
  eastus: 13,
  eastus2: 20,
  francecentral: 28,
  japaneast: 11,
  japanwest: 31,
  koreacentral: 12,
  northcentralus: 14,
  northeurope: 16,
  southcentralus: 21,
  southeastasia: 23,
  uksouth: 33,
  ukwest: 35,
  westcentralus: 4,
  westeurope: 6,
  westus: 22,
  westus2: 5,
};

/** The services of an account by its kind (Azure docs: storage account overview). */
const services: Record<string, string[]> = {
  StorageV2: ['dfs', 'web', 'blob', 'queue', 'table', 'file'],
  Storage: ['blob', 'queue', 'table', 'file'],
  BlobStorage: ['dfs', 'blob', 'table'],
  BlockBlobStorage: ['dfs', 'web', 'blob'],
  FileStorage: ['file'],
};

type Account = Pick<Resource, 'name' | 'location' | 'kind'>;

/** The name below `core.windows.net` at which an account has a service, e.g. `stdemo.z5.web`. */
export const serviceName = ({ name, location = '' }: Account, service: string): string =>
  service === 'web' ? `${name}.z${webZones[location] ?? 1}.web` : `${name}.${service}`;

/** The URLs of an account, by service. */
export const primaryEndpoints = (account: Account): JsonObject =>
  Object.fromEntries(
    (services[account.kind ?? 'StorageV2'] ?? []).map((service) => [
      service,
      `https://${serviceName(account, service)}.core.windows.net/`,
    ]),
  );
