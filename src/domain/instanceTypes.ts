/** A virtual machine size that a managed online deployment may use. */
export interface InstanceType {
  /** quota family, as the usages of Microsoft.MachineLearningServices name it */
  family: string;
  cores: number;
  /** true where Azure reserves no additional 20 % of the cores (Azure docs: managed online endpoint quota) */
  skipReserve: boolean;
}

/** `size:cores`, without `Standard_`, by quota family (Azure docs: managed online endpoints SKU list). */
const reserved: Record<string, string> = {
  standardDASv4Family: 'D2AS_V4:2 D4AS_V4:4 D8AS_V4:8 D16AS_V4:16 D32AS_V4:32 D48AS_V4:48 D64AS_V4:64 D96AS_V4:96',
  standardDAv4Family: 'D2A_V4:2 D4A_V4:4 D8A_V4:8 D16A_V4:16 D32A_V4:32 D48A_V4:48 D64A_V4:64 D96A_V4:96',
  standardDSv2Family: 'DS1_V2:1 DS2_V2:2 DS3_V2:4 DS4_V2:8 DS5_V2:16',
  standardESv3Family: 'E2S_V3:2 E4S_V3:4 E8S_V3:8 E16S_V3:16 E32S_V3:32 E48S_V3:48 E64S_V3:64',
  standardFSv2Family: 'F2S_V2:2 F4S_V2:4 F8S_V2:8 F16S_V2:16 F32S_V2:32 F48S_V2:48 F64S_V2:64 F72S_V2:72',
  standardFXMDVSFamily: 'FX4MDS:4 FX12MDS:12 FX24MDS:24 FX36MDS:36 FX48MDS:48',
  standardLASv3Family: 'L8AS_V3:8 L16AS_V3:16 L32AS_V3:32 L48AS_V3:48 L64AS_V3:64 L80AS_V3:80',
  standardLSv2Family: 'L8S_V2:8 L16S_V2:16 L32S_V2:32 L48S_V2:48 L64S_V2:64 L80S_V2:80',
  standardLSv3Family: 'L8S_V3:8 L16S_V3:16 L32S_V3:32 L48S_V3:48 L64S_V3:64 L80S_V3:80',
  'standard NCASv3_T4 Family': 'NC4AS_T4_V3:4 NC8AS_T4_V3:8 NC16AS_T4_V3:16 NC64AS_T4_V3:64',
  standardNCSv2Family: 'NC6S_V2:6 NC12S_V2:12 NC24S_V2:24',
  standardNCSv3Family: 'NC6S_V3:6 NC12S_V3:12 NC24S_V3:24',
  standardNVADSA10v5Family:
    'NV6ADS_A10_V5:6 NV12ADS_A10_V5:12 NV18ADS_A10_V5:18 NV36ADS_A10_V5:36 NV36ADMS_A10_V5:36 NV72ADS_A10_V5:72',
};
const unreserved: Record<string, string> = {
  standardNCADSA100v4Family: 'NC24ADS_A100_V4:24 NC48ADS_A100_V4:48 NC96ADS_A100_V4:96',
  standardNCADSH100v5Family: 'NC40ADS_H100_V5:40 NC80ADIS_H100_V5:80',
  'standard NDAMSv4_A100Family': 'ND96AMSR_A100_V4:96',
  'standard NDASv4_A100 Family': 'ND96ASR_V4:96',
  standardNDSv2Family: 'ND40RS_V2:40',
  standardNDv5H100Family: 'ND96IS_H100_V5:96 ND96ISR_H100_V5:96',
};

function* rows(families: Record<string, string>, skipReserve: boolean): Generator<[string, InstanceType]> {
  for (const [family, sizes] of Object.entries(families))
    for (const size of sizes.split(' ')) {
      const [name, cores] = size.split(':');
      yield [`STANDARD_${name}`, { family, cores: Number(cores), skipReserve }];
    }
}

/** Every instance type that a managed online deployment may use, by its name in capitals. */
export const instanceTypes: ReadonlyMap<string, InstanceType> = new Map([
  ...rows(reserved, false),
  ...rows(unreserved, true),
]);

/** Their names as Azure's documents write them, like `Standard_NC24ads_A100_v4`. */
export const instanceTypeNames: readonly string[] = [...instanceTypes.keys()].map((name) =>
  name
    .replace('STANDARD_', 'Standard_')
    .replace(/(?<=_[A-Z]+\d+)[A-Z]+/, (features) => features.toLowerCase())
    .replace(/_V(?=\d+$)/, '_v'),
);

/** The instance type of a name, which is case-insensitive as in Azure; undefined where Azure refuses it. */
export const instanceTypeOf = (name: string): InstanceType | undefined => instanceTypes.get(name.toUpperCase());
