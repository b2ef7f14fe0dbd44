import { includes } from '../operation.ts';
import type { Expected, Operation, Table } from '../operation.ts';
import { route } from '../resource.ts';
import { atOnce } from '../styles.ts';

const version = '2026-04-01';
const location = 'westus2';
const region = `{subscription}/providers/Microsoft.Compute/locations/${location}`;
const publisher = `${region}/publishers/Canonical`;
const offers = `${publisher}/artifacttypes/vmimage/offers`;
const named = (name: string): Expected => ({ status: 200, body: includes({ name, location, id: String }) });
const read = (name: string, path: string, page: string, expected: Expected): Operation =>
  route('Microsoft.Compute', name, 'GET', path, version, page, expected);
const images = 'compute/virtual-machine-images';

/** What compute offers in a region. */
export const computeCatalogue: Table = {
  name: 'computeCatalogue',
  operations: [
    read(
      'usages',
      `${region}/usages`,
      'compute/usage',
      atOnce(200, {
        value: includes({ unit: 'Count', currentValue: Number, limit: Number, name: { value: 'cores' } }),
      }),
    ),
    read(
      'vmSizes',
      `${region}/vmSizes`,
      'compute/virtual-machine-sizes',
      atOnce(200, { value: includes({ name: 'Standard_D2s_v5', numberOfCores: 2 }) }),
    ),
    read(
      'skus',
      `{subscription}/providers/Microsoft.Compute/skus?$filter=location%20eq%20'${location}'`,
      'compute/resource-skus',
      atOnce(200, {
        value: includes({ resourceType: 'virtualMachines', name: 'Standard_D2s_v5', locations: [location] }),
      }),
    ),
    read('list image publishers', `${region}/publishers`, images, named('Canonical')),
    read('list image offers', offers, images, named('ubuntu-24_04-lts')),
    read('list image SKUs', `${offers}/ubuntu-24_04-lts/skus`, images, named('server')),
    read('list image versions', `${offers}/ubuntu-24_04-lts/skus/server/versions`, images, named('24.04.202408010')),
    read(
      'get an image version',
      `${offers}/ubuntu-24_04-lts/skus/server/versions/24.04.202408010`,
      images,
      atOnce(200, { location }),
    ),
    read(
      'list run command documents',
      `${region}/runCommands`,
      'compute/virtual-machine-run-commands',
      atOnce(200, { value: [{ id: 'RunShellScript', osType: 'Linux' }] }),
    ),
    read(
      'get a run command document',
      `${region}/runCommands/RunShellScript`,
      'compute/virtual-machine-run-commands',
      atOnce(200, { id: 'RunShellScript', script: Array }),
    ),
  ],
};
