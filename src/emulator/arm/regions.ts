import { ArmError } from './model.ts';

/** The regions that the emulated subscription sees: name and display name. */
export const regions: ReadonlyMap<string, string> = new Map([
  ['australiaeast', 'Australia East'],
  ['canadacentral', 'Canada Central'],
  ['centralus', 'Central US'],
  ['eastus', 'East US'],
  ['eastus2', 'East US 2'],
  ['francecentral', 'France Central'],
  ['germanywestcentral', 'Germany West Central'],
  ['japaneast', 'Japan East'],
  ['northeurope', 'North Europe'],
  ['southcentralus', 'South Central US'],
  ['swedencentral', 'Sweden Central'],
  ['uksouth', 'UK South'],
  ['westeurope', 'West Europe'],
  ['westus', 'West US'],
  ['westus2', 'West US 2'],
  ['westus3', 'West US 3'],
]);

/** `West US 2` and `westus2` are the same region; `global` is not a region. Throws ARM's 400 for an unknown region. */
export function regionOf(location: string, type: string): string {
  const name = location.toLowerCase().replaceAll(' ', '');
  if (name === 'global' || regions.has(name)) return name;
  throw new ArmError(
    400,
    'LocationNotAvailableForResourceType',
    `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${[...regions.keys()].join(',')}'.`,
  );
}
