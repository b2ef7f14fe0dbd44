import type { Jumpbox } from './environment.ts';

/** Two cores and 8 GB of several families: Azure counts capacity and quota by family. They build the samples' images. */
export const defaultJumpbox: Jumpbox = {
  sizes: ['Standard_D2s_v5', 'Standard_D2as_v5', 'Standard_D2s_v4', 'Standard_D2s_v3'],
  diskGb: 64,
};

export const chooseJumpboxSizes =
  'POST the environment again with other sizes in "jumpbox.sizes"; or DELETE it, then POST it with another "location"';
