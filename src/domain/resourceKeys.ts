import type { resourceCatalogue } from './resourceCatalogue.ts';

type Catalogue = typeof resourceCatalogue;
/** A row of the catalogue. */
export type CatalogueKey = keyof Catalogue;

type LinksOf<Row> = Row extends { privateLinks: infer Links } ? keyof Links : never;
/** A private link by its key. */
export type PrivateLink = { [Key in CatalogueKey]: LinksOf<Catalogue[Key]> }[CatalogueKey];

type KeyOf<Key extends CatalogueKey> = Catalogue[Key] extends {
  lifetime: 'perAttempt' | 'companion' | 'companionPrefix';
}
  ? never
  : Catalogue[Key] extends { each: 'zone' }
    ? `${Key}:${string}`
    : Catalogue[Key] extends { each: 'privateLink' }
      ? `${Key}:${PrivateLink}`
      : Key;
/** A resource that the sequence creates, by its key: `natGateway`, `zone:privatelink.azurecr.io`, `privateEndpoint:blob`. */
export type ResourceKey = { [Key in CatalogueKey]: KeyOf<Key> }[CatalogueKey];

/** A resource that offers private links. */
export type PrivateLinkTargetKey = {
  [Key in CatalogueKey]: Catalogue[Key] extends { privateLinks: unknown } ? Key : never;
}[CatalogueKey];
