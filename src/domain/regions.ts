/**
 * Regions that are suggested for a new environment (Azure docs: regions for managed online endpoints). Any other is accepted too: the preflight
 * asks Azure what the subscription has.
 */
export const suggestedRegions = [
  'australiaeast',
  'canadacentral',
  'centralus',
  'eastus',
  'eastus2',
  'francecentral',
  'germanywestcentral',
  'japaneast',
  'northeurope',
  'southcentralus',
  'swedencentral',
  'uksouth',
  'westeurope',
  'westus',
  'westus2',
  'westus3',
] as const;
