import { ArmError } from '../../arm/model.ts';
import type { ActionReply, Json, SubscriptionRoute } from '../../arm/model.ts';
import { regionOf } from '../../arm/regions.ts';

const publisher = 'Canonical';

/** Marketplace images that exist, all of them for Linux, each in one version. Older aliases and retired offers do not. */
const offers: Readonly<Record<string, { skus: readonly string[]; version: string }>> = {
  'ubuntu-24_04-lts': { skus: ['server', 'server-gen1', 'minimal'], version: '24.04.202408010' },
  '0001-com-ubuntu-server-jammy': { skus: ['22_04-lts-gen2', '22_04-lts'], version: '22.04.202408010' },
  '0001-com-ubuntu-server-focal': { skus: ['20_04-lts-gen2'], version: '20.04.202408010' },
};

const same = (a: string, b: string | undefined): boolean => a.toLowerCase() === b?.toLowerCase();
const named = (names: readonly string[], wanted: string | undefined): string | undefined =>
  names.find((name) => same(name, wanted));

/** The version of an image; undefined when there is no such image. */
export function vmImageVersion(wantedPublisher: string, offer: string, sku: string): string | undefined {
  const known = offers[named(Object.keys(offers), offer) ?? ''];
  if (!same(publisher, wantedPublisher) || known === undefined) return undefined;
  return named(known.skus, sku) === undefined ? undefined : known.version;
}

type Params = Record<string, string>;

/** What is below a part of the catalogue. Throws ARM's 404 for a part that does not exist. */
function below(params: Params): readonly string[] {
  if (params['publisher'] === undefined) return [publisher];
  const missing = (what: string): ArmError =>
    new ArmError(404, 'NotFound', `Artifact: VMImage was not found: ${what} in location '${params['location']}'.`);
  if (!same(publisher, params['publisher'])) throw missing(`publisher '${params['publisher']}'`);
  if (params['offer'] === undefined) return Object.keys(offers);
  const offer = offers[named(Object.keys(offers), params['offer']) ?? ''];
  if (offer === undefined) throw missing(`offer '${params['offer']}'`);
  if (params['sku'] === undefined) return offer.skus;
  if (named(offer.skus, params['sku']) === undefined) throw missing(`SKU '${params['sku']}'`);
  if (params['version'] === undefined || params['version'] === offer.version) return [offer.version];
  throw missing(`version '${params['version']}'`);
}

/** Its lists are bare arrays. */
function list(subscriptionId: string, params: Params, path: string): ActionReply {
  const location = regionOf(params['location'] ?? '', 'Microsoft.Compute/locations/publishers');
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const body: Json = below(params).map((name) => ({
    location,
    name,
    id: `/Subscriptions/${subscriptionId}${place}/${name}`,
  }));
  return { status: 200, body };
}

const publishers = '/providers/Microsoft.Compute/locations/{location}/publishers';
const offersOf = `${publishers}/{publisher}/artifacttypes/vmimage/offers`;
const skusOf = `${offersOf}/{offer}/skus`;
const versionsOf = `${skusOf}/{sku}/versions`;

/** The catalogue of images: publishers, offers, SKUs and versions. */
export const imageRoutes: SubscriptionRoute[] = [
  ...[publishers, offersOf, skusOf, versionsOf].map((path): SubscriptionRoute => ({
    method: 'GET',
    path,
    handle: (_cloud, { subscriptionId, params }) => list(subscriptionId, params, path),
  })),
  {
    method: 'GET',
    path: `${versionsOf}/{version}`,
    handle: (_cloud, { subscriptionId, params }) => {
      const [name] = below(params);
      const { location = '', sku = '' } = params;
      const place = versionsOf.replaceAll(/\{(\w+)\}/g, (_, part: string) => params[part] ?? '');
      return {
        status: 200,
        body: {
          location,
          name: name ?? '',
          id: `/Subscriptions/${subscriptionId}${place}/${name}`,
          properties: {
            hyperVGeneration: /gen1$|^22_04-lts$/i.test(sku) ? 'V1' : 'V2',
            architecture: 'x64',
            osDiskImage: { operatingSystem: 'Linux' },
            dataDiskImages: [],
          },
        },
      };
    },
  },
];
