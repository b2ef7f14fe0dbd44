import { at } from '../dataPlane/jsonPath.ts';
import { contentsOf } from '../dataPlane/containerImage.ts';
import type { Machine } from './machine.ts';

/** The system and its packages, in GB. */
const systemGb = 6;

/** The disk of Azure's Ubuntu images, where the machine names no other size. */
const defaultDiskGb = 30;

export const diskSizeGb = ({ vm }: Machine): number =>
  Number(at(vm.properties, 'storageProfile', 'osDisk', 'diskSizeGB') ?? defaultDiskGb);

/** Space in use, in GB: the system, Docker's build cache and its images. */
export function diskUsedGb({ state }: Machine): number {
  const images = Object.values(state.images).map(({ manifest }) => contentsOf(manifest)?.sizeGb ?? 0);
  return systemGb + state.buildCacheGb + images.reduce((sum, size) => sum + size, 0);
}

/** Fills the disk with a new image's layers; false when they do not fit: what was written of them stays in the build cache. */
export function takeSpace(machine: Machine, sizeGb: number): boolean {
  const free = diskSizeGb(machine) - diskUsedGb(machine);
  if (sizeGb <= free) return true;
  machine.state.buildCacheGb += free;
  return false;
}
