import { asObject, textOf } from '../../http/call.ts';
import { sameId } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { Cloud } from '../../arm/model.ts';

const seconds = 180;
const keyOf = (id: string): string => `nicReserved:${id.toLowerCase()}`;

/** Reserves an interface for a machine whose creation failed. */
export function reserve(cloud: Cloud, id: string, vmId: string): void {
  cloud.objects.put(keyOf(id), { vmId, until: cloud.now() + seconds * 1000 * cloud.timeScale });
}

/** @throws ArmError 400 NicReservedForAnotherVm (Azure/karpenter-provider-azure#92), unless it is reserved for `vmId` */
export function requireNotReserved(cloud: Cloud, id: string, vmId = ''): void {
  const { vmId: owner, until } = asObject(cloud.objects.get(keyOf(id)));
  if (owner === undefined || Number(until) <= cloud.now() || sameId(textOf(owner), vmId)) return;
  throw new ArmError(
    400,
    'NicReservedForAnotherVm',
    `Nic(s) in request is reserved for another Virtual Machine for ${seconds} seconds. Please provide another nic(s) or retry after ${seconds} seconds. Reserved VM: ${textOf(owner)}`,
  );
}
