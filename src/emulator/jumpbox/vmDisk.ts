import { createHash } from 'node:crypto';
import { InMemoryFs } from 'just-bash';
import type { Json, Resource, Cloud } from '../arm/model.ts';
import { vmSourceOf } from '../dataPlane/vmSource.ts';
import type { MachineState } from './machine.ts';
import { systemFiles } from './ubuntuRelease.ts';

/** A disk as the cloud keeps it. */
interface StoredDisk {
  /** when its machine was created: another machine of the same name has another disk */
  madeAt: number;
  directories: string[];
  /** contents in base64 */
  files: Record<string, string>;
  state: MachineState;
}

/** Directories whose files are part of the running system, not of the disk. */
const volatile = /^\/(bin|usr\/bin|dev|proc|tmp)(\/|$)/;

/** Azure's own domain for the names of a virtual network's machines. */
function searchDomainOf(cloud: Cloud, vm: Resource): string {
  const { virtualNetworkId } = vmSourceOf(cloud, vm);
  const label = createHash('sha256').update(virtualNetworkId.toLowerCase()).digest('hex').slice(0, 26);
  return `${label}.bx.internal.cloudapp.net`;
}

const keyOf = (vm: Resource): string => `disk:${vm.id.toLowerCase()}`;

const freshState = (): MachineState => ({
  packages: [],
  lists: [],
  services: [],
  images: {},
  containers: {},
  networks: [],
  buildCacheGb: 0,
});

/** The disk of a virtual machine: as the last script left it, or fresh from the image. */
export function loadDisk(cloud: Cloud, vm: Resource): { fs: InMemoryFs; state: MachineState } {
  const stored = cloud.objects.get(keyOf(vm)) as unknown as StoredDisk | undefined;
  const fs = new InMemoryFs();
  for (const directory of ['/root', '/tmp', '/etc/apt/sources.list.d', '/var/lib', '/run/lock']) {
    fs.mkdirSync(directory, { recursive: true });
  }
  if (stored?.madeAt !== vm.createdAt) {
    for (const [path, content] of Object.entries(systemFiles(vm, searchDomainOf(cloud, vm))))
      fs.writeFileSync(path, content);
    return { fs, state: freshState() };
  }
  for (const directory of stored.directories) fs.mkdirSync(directory, { recursive: true });
  for (const [path, content] of Object.entries(stored.files)) fs.writeFileSync(path, Buffer.from(content, 'base64'));
  return { fs, state: { ...freshState(), ...structuredClone(stored.state) } };
}

/** Keeps the disk for the next script and over restarts. */
export async function saveDisk(
  cloud: Cloud,
  vm: Resource,
  disk: { fs: InMemoryFs; state: MachineState },
): Promise<void> {
  const stored: StoredDisk = { madeAt: vm.createdAt, directories: [], files: {}, state: disk.state };
  for (const path of disk.fs.getAllPaths().filter((path) => !volatile.test(path))) {
    const { isDirectory } = await disk.fs.stat(path);
    if (isDirectory) stored.directories.push(path);
    else stored.files[path] = Buffer.from(await disk.fs.readFileBuffer(path)).toString('base64');
  }
  cloud.objects.put(keyOf(vm), stored as unknown as Json);
}
