import { asList, asObject } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { JsonObject, PutRequest, Cloud } from '../../arm/model.ts';
import { checkCoreQuota, restrictionOf } from './computeQuota.ts';
import { requireNotReserved, reserve } from '../network/interfaceReservations.ts';
import { vmImageVersion } from './vmImages.ts';
import { vmSizeOf, vmSizes } from './vmSizes.ts';
import { nonEmptyText, subscriptionOf } from '../resourceHelpers.ts';

/** Names that Azure refuses for the administrator of a Linux machine. */
const forbiddenUsers = new Set(
  'administrator admin user user1 test user2 test1 user3 admin1 1 123 a actuser adm admin2 aspnet backup console david guest john owner root server sql support support_388945a0 sys test2 test3 user4 user5'.split(
    ' ',
  ),
);

function invalid(message: string): never {
  throw new ArmError(400, 'InvalidParameter', message);
}

/** @throws ArmError InvalidParameter, SkuNotAvailable, OperationNotAllowed (quota) */
export function checkSize(cloud: Cloud, id: string, asked: JsonObject, location: string): void {
  const sizeName = nonEmptyText(asObject(asked['hardwareProfile'])['vmSize']);
  const size = vmSizeOf(sizeName ?? '');
  if (size === undefined) {
    const names = vmSizes.map(({ name }) => name).join(',');
    invalid(
      `The value ${sizeName} provided for the VM size is not valid. The valid sizes in the current region are: ${names}.`,
    );
  }
  if (restrictionOf(cloud, size.name, location)) {
    throw new ArmError(
      409,
      'SkuNotAvailable',
      `The requested size for resource '${id}' is currently not available in location '${location}' zones '' for subscription '${subscriptionOf(id)}'. Please try another size or deploy to a different location or zones. See https://aka.ms/azureskunotavailable for details.`,
    );
  }
  checkCoreQuota(cloud, id, size, location);
}

/** @throws ArmError InvalidParameter, 404 PlatformImageNotFound */
export function checkImage(asked: JsonObject): void {
  const reference = asObject(asObject(asked['storageProfile'])['imageReference']);
  const [publisher, offer, sku] = ['publisher', 'offer', 'sku'].map((member) => nonEmptyText(reference[member]));
  if (publisher === undefined || offer === undefined || sku === undefined) {
    invalid("Required parameter 'storageProfile.imageReference' is missing (null): publisher, offer and sku.");
  }
  if (vmImageVersion(publisher, offer, sku) === undefined) {
    const urn = [publisher, offer, sku, nonEmptyText(reference['version']) ?? 'latest'].join(':');
    const message = `The platform image '${urn}' is not available. Verify that all fields in the storage profile are correct.`;
    throw new ArmError(404, 'PlatformImageNotFound', message);
  }
}

/** @throws ArmError InvalidParameter: a reserved user name, no credential, an invalid SSH key */
export function checkLogin(asked: JsonObject): void {
  const profile = asObject(asked['osProfile']);
  const user = nonEmptyText(profile['adminUsername']);
  if (user === undefined) invalid("Required parameter 'osProfile.adminUsername' is missing (null).");
  if (forbiddenUsers.has(user.toLowerCase())) {
    invalid(
      'The Admin Username specified is not allowed. For more information about disallowed usernames, see https://aka.ms/vmosprofile',
    );
  }
  const linux = asObject(profile['linuxConfiguration']);
  const keys = asList(asObject(linux['ssh'])['publicKeys']).map((key) => nonEmptyText(asObject(key)['keyData']));
  if (linux['disablePasswordAuthentication'] === true) {
    if (keys.length === 0)
      invalid('Authentication using either SSH or by user name and password must be enabled in Linux profile.');
  } else if (nonEmptyText(profile['adminPassword']) === undefined) {
    invalid("Required parameter 'adminPassword' is missing (null).");
  }
  if (keys.some((key) => !/^(ssh-rsa|ssh-ed25519) [A-Za-z0-9+/]+=*( .*)?\s*$/.test(key ?? ''))) {
    invalid('The value of parameter linuxConfiguration.ssh.publicKeys.keyData is invalid.');
  }
}

/** Keeps the interfaces of a machine that could not be created for it, for 180 seconds of Azure. */
export function reserveInterfaces(cloud: Cloud, vmId: string, body: JsonObject): void {
  const profile = asObject(asObject(body['properties'])['networkProfile']);
  for (const reference of asList(profile['networkInterfaces']).map(asObject))
    reserve(cloud, nonEmptyText(reference['id']) ?? '', vmId);
}

/** @throws ArmError: no interface, a missing one, one of another region or of another machine */
export function checkInterfaces(cloud: Cloud, request: PutRequest, asked: JsonObject, location: string): void {
  const interfaces = asList(asObject(asked['networkProfile'])['networkInterfaces']).map(asObject);
  if (interfaces.length === 0) invalid("Required parameter 'networkProfile' is missing (null).");
  for (const reference of interfaces) {
    const id = nonEmptyText(reference['id']) ?? '';
    const found = cloud.find(id);
    if (found?.type !== 'Microsoft.Network/networkInterfaces' || found.location !== location) {
      const message = `Resource ${id} referenced by resource ${request.id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`;
      throw new ArmError(400, 'InvalidResourceReference', message);
    }
    requireNotReserved(cloud, id, request.id);
    const holder = nonEmptyText(asObject(found.properties['virtualMachine'])['id']);
    if (holder !== undefined && !sameId(holder, request.id)) {
      throw new ArmError(400, 'NicInUse', `Network Interface ${id} is used by existing resource ${holder}.`);
    }
  }
}
