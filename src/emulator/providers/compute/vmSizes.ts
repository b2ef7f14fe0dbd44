/** A virtual machine size as the compute API returns it. */
export type VmSize = { name: string; family: string; cores: number; memoryGB: number; generation: string };

/** Sizes of a family: names by number of cores, with so many GB for each core. */
function familyOf(family: string, memoryPerCore: number, sizes: Record<string, number>): VmSize[] {
  return Object.entries(sizes).map(([name, cores]) => ({
    name: `Standard_${name}`,
    family,
    cores,
    memoryGB: cores * memoryPerCore,
    generation: 'V1,V2',
  }));
}

/** The sizes that the emulated regions offer. */
export const vmSizes: readonly VmSize[] = [
  ...familyOf('standardFSv2Family', 2, { F2s_v2: 2, F4s_v2: 4, F8s_v2: 8, F16s_v2: 16 }),
  ...familyOf('standardDSv2Family', 3.5, { DS1_v2: 1, DS2_v2: 2, DS3_v2: 4, DS4_v2: 8 }),
  ...familyOf('standardDSv3Family', 4, { D2s_v3: 2, D4s_v3: 4, D8s_v3: 8 }),
  ...familyOf('standardDSv4Family', 4, { D2s_v4: 2, D4s_v4: 4, D8s_v4: 8 }),
  ...familyOf('standardDSv5Family', 4, { D2s_v5: 2, D4s_v5: 4, D8s_v5: 8, D16s_v5: 16 }),
  ...familyOf('standardDASv5Family', 4, { D2as_v5: 2, D4as_v5: 4, D8as_v5: 8 }),
  ...familyOf('standardESv5Family', 8, { E2s_v5: 2, E4s_v5: 4 }),
  ...familyOf('standardBSFamily', 4, { B1s: 1, B2s: 2, B2ms: 2, B4ms: 4 }),
];

export function vmSizeOf(name: string): VmSize | undefined {
  return vmSizes.find((size) => size.name.toLowerCase() === name.toLowerCase());
}
