import { createHash } from 'node:crypto';
import type { Cloud } from '../arm/model.ts';

/** The image is in its registry; by tag (`{loginServer}/{repository}:{tag}`) or digest (`…@sha256:…`). */
export function imageExists(cloud: Cloud, image: string): boolean {
  return cloud.objects.get(`image:${image}`) !== undefined;
}

/** Stores a manifest under its tag and its digest, which is returned. The repository begins with the login server. */
export function storeManifest(cloud: Cloud, repository: string, tag: string, manifest: string): string {
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  for (const key of [`image:${repository}:${tag}`, `image:${repository}@${digest}`])
    cloud.objects.put(key, { digest, manifest });
  return digest;
}

/** Names of the blobs below a path of a container, or of the one blob that has that very name. */
export function blobsBelow(cloud: Cloud, account: string, container: string, path: string): string[] {
  const place = `blob:${account}/${container}/`;
  const directory = path === '' || path.endsWith('/') ? path : `${path}/`;
  return cloud.objects
    .keys(`${place}${path}`)
    .map((key) => key.slice(place.length))
    .filter((name) => name === path || name.startsWith(directory));
}

/** A blob's text. */
export function readBlob(cloud: Cloud, account: string, container: string, name: string): string | undefined {
  const content = cloud.objects.get(`blob:${account}/${container}/${name}`);
  return typeof content === 'string' ? content : undefined;
}
