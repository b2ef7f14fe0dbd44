import { asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { Cloud, JsonObject, Resource, ResourceType } from '../../arm/model.ts';
import { ancestorId } from '../resourceHelpers.ts';

const accountType = 'Microsoft.Storage/storageAccounts';
const cors = { corsRules: [] };

/** The services of an account and the settings that each has from the start (azure-rest-api-specs: Microsoft.Storage, examples). */
const services: Record<string, JsonObject> = {
  blobServices: { cors, deleteRetentionPolicy: { allowPermanentDelete: false, enabled: false } },
  fileServices: {
    protocolSettings: { smb: {} },
    cors,
    shareDeleteRetentionPolicy: { enabled: true, days: 7 },
  },
  queueServices: { cors },
  tableServices: { cors },
};

/** An account has its services from the start; they need no PUT. */
export function addServices(cloud: Cloud, account: Resource): void {
  for (const [segment, properties] of Object.entries(services)) {
    const id = `${account.id}/${segment}/default`;
    if (cloud.find(id)) continue;
    const type = `${accountType}/${segment}`;
    cloud.save({ id, type, name: 'default', properties: structuredClone(properties), createdAt: cloud.now() });
  }
}

function serviceType(segment: string): ResourceType {
  return {
    type: `${accountType}/${segment}`,
    style: 'sync',
    duration: {},
    proxy: true,
    stateless: true,
    prepare(_cloud, { name, existing, body }) {
      if (name !== 'default')
        throw new ArmError(400, 'InvalidResourceName', `The name of the service is 'default', not '${name}'.`);
      return { properties: { ...existing?.properties, ...asObject(body['properties']) } };
    },
    // A queue or table service is reported without the SKU of its account.
    toArm(cloud, service) {
      const sku = /^(blob|file)Services$/.test(segment) ? cloud.find(ancestorId(service.id, 1))?.sku : undefined;
      return sku ? { sku } : {};
    },
    validateDelete: () => {
      throw new ArmError(405, 'MethodNotAllowed', 'A service of a storage account cannot be deleted.');
    },
  };
}

/** The blob, file, queue and table service of an account, named `default`. */
export const types: ResourceType[] = Object.keys(services).map(serviceType);
