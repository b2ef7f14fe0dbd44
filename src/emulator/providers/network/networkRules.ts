import { asList, asObject, textOf } from '../../http/call.ts';
import { parentIdOf, sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Json, JsonObject, Operation, Resource, Cloud } from '../../arm/model.ts';
import { anotherOperationInProgress } from '../../arm/armErrors.ts';
import { retryAfterHeaders } from '../../arm/retryAfter.ts';
import { configurationsIn } from './addressSpace.ts';

/** The provisioning states of network resources during creation. */
export const networkStates = { create: 'Updating' } as const;

/** One write at a time on a virtual network or security group and what is in it. Throws 429 `AnotherOperationInProgress`. */
export function requireNoWrite(cloud: Cloud, root: Resource, exceptId = ''): void {
  for (const resource of [root, ...cloud.descendants(root.id)]) {
    const running = resource.id.toLowerCase() === exceptId.toLowerCase() ? undefined : cloud.running(resource);
    if (running) throw anotherOperationInProgress(cloud, running);
  }
}

/** What a body refers to. Throws 400 when it does not exist, is of another type or elsewhere, 429 while it is being written. */
export function requireReference(
  cloud: Cloud,
  fromId: string,
  id: string | undefined,
  type?: string,
  location?: string,
): Resource {
  const found = cloud.find(id ?? '');
  if (
    !found ||
    (type !== undefined && found.type.toLowerCase() !== type.toLowerCase()) ||
    (location !== undefined && found.location !== location)
  )
    throw new ArmError(
      400,
      'InvalidResourceReference',
      `Resource ${id} requireReference by resource ${fromId} was not found. Please make sure that the requireReference resource exists, and that both resources are in the same region.`,
    );
  requireProvisioned(cloud, found);
  return found;
}

/** Throws 429 `RetryableError` while a resource that another one needs is being written. */
export function requireProvisioned(cloud: Cloud, resource: Resource): void {
  const running = cloud.running(resource);
  if (running) throw notProvisioned(cloud, resource, cloud.provisioningState(resource), running);
}

/**
 * Throws 429 `RetryableError` while another interface or private endpoint is being given its address in the subnet. That is
 * a short part of its creation; the rest of it runs in parallel with others.
 */
export function requireNoAllocation(cloud: Cloud, subnet: Resource): void {
  const last = Math.max(0, ...configurationsIn(cloud, subnet.id).map(({ holder }) => holder.createdAt));
  const endsAt = last + cloud.duration('subnet.allocateAddress');
  if (endsAt > cloud.now()) throw notProvisioned(cloud, subnet, networkStates.create, { endsAt });
}

function notProvisioned(
  cloud: Cloud,
  resource: Resource,
  state: string,
  operation: Pick<Operation, 'endsAt'>,
): ArmError {
  const kind = resource.type
    .split('/')
    .at(-1)
    ?.replace(/s$/, '')
    .replace(/^./, (letter) => letter.toUpperCase());
  const message = `Cannot proceed with operation because resource ${resource.id} is not in Succeeded state. Resource is in ${state} state and the last operation that updated/is updating the resource is Put${kind}Operation.`;
  return new ArmError(429, 'RetryableError', 'A retryable error occurred.', {
    details: [{ code: 'ReferencedResourceNotProvisioned', message }],
    headers: retryAfterHeaders(cloud, operation, 10),
  });
}

/** A subnet for a new interface or endpoint: no operation may be running on it or its virtual network, and the region must match. */
export function requireSubnet(
  cloud: Cloud,
  fromId: string,
  subnetId: string | undefined,
  location: string | undefined,
): Resource {
  const subnet = requireReference(cloud, fromId, subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  requireReference(cloud, fromId, parentIdOf(subnet.id), 'Microsoft.Network/virtualNetworks', location);
  return subnet;
}

/** Resources of some types that refer to one, e.g. the subnets of a security group. */
export function referrersOf(cloud: Cloud, id: string, ...types: string[]): Resource[] {
  return types
    .flatMap((type) => cloud.referring(id, type))
    .filter(({ properties }) =>
      referencesIn(properties).some((reference) => sameId(textOf(asObject(reference)['id']), id)),
    );
}

function referencesIn(properties: JsonObject): (Json | undefined)[] {
  const configurations = asList(properties['ipConfigurations']).map((entry) => asObject(asObject(entry)['properties']));
  return [
    properties['networkSecurityGroup'],
    properties['natGateway'],
    ...asList(properties['publicIpAddresses']),
    ...configurations.map((configuration) => configuration['publicIPAddress']),
  ];
}

/** The properties of a body but for members that only Azure sets. */
export const omitMembers = (properties: JsonObject, readOnly: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(properties).filter(([member]) => !readOnly.includes(member)));
