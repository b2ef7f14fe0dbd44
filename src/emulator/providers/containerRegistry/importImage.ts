import { asList, asObject, textOf } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, ActionRequest, Cloud, Resource } from '../../arm/model.ts';
import { storeManifest } from '../../dataPlane/storedObjects.ts';
import { textAt } from '../../dataPlane/jsonPath.ts';
import { findBaseImage } from '../../jumpbox/baseImages.ts';
import { printable } from '../resourceHelpers.ts';

/** The manifest of an image in an emulated registry, or in a public one that a jumpbox can pull from; undefined when there is none. */
function manifestOf(cloud: Cloud, name: string): string | undefined {
  const stored = cloud.objects.get(`image:${name}`);
  if (stored !== undefined) return textAt(stored, 'manifest');
  const base = findBaseImage(cloud, name);
  return base && JSON.stringify({ mediaType: 'application/vnd.oci.image.manifest.v1+json', contents: base.contents });
}

/** The address of the registry to import from: `registryUri`, or that of the registry with `resourceId`. */
function sourceHost(cloud: Cloud, source: Record<string, unknown>): string {
  const registry = cloud.find(textOf(source['resourceId']));
  return registry ? printable(registry.properties['loginServer']) : textOf(source['registryUri']);
}

const invalid = (message: string): ArmError => new ArmError(400, 'InvalidParameters', message);

/**
 * `POST registries/{name}/importImage`: copies an image under each target tag (azure-rest-api-specs: Registries_ImportImage, 202 and no
 * result). Mode `NoForce`, the default, refuses a tag that exists.
 */
export function importImage(cloud: Cloud, registry: Resource, { body }: ActionRequest): ActionReply {
  const source = asObject(body['source']);
  const image = textOf(source['sourceImage']);
  if (image === '') throw invalid('The source image of the import is missing.');
  const name = `${sourceHost(cloud, source)}/${image}`;
  const manifest = manifestOf(cloud, name);
  if (manifest === undefined) throw invalid(`Error response from source registry: manifest of ${name} is unknown.`);
  const host = printable(registry.properties['loginServer']);
  const asked = asList(body['targetTags']).map(textOf);
  const targets = (asked.length === 0 ? [image] : asked).map((tag) => (tag.includes(':') ? tag : `${tag}:latest`));
  const taken = targets.find((target) => cloud.objects.get(`image:${host}/${target}`) !== undefined);
  if (taken !== undefined && textOf(body['mode']) !== 'Force')
    throw new ArmError(409, 'Conflict', `Tag ${taken} already exists in target registry.`);
  const operation = cloud.startOperation({
    kind: 'action',
    resourceId: registry.id,
    location: registry.location ?? '',
    durationKey: 'registry.put',
  });
  for (const target of operation.error ? [] : targets) {
    const at = target.lastIndexOf(':');
    storeManifest(cloud, `${host}/${target.slice(0, at)}`, target.slice(at + 1), manifest);
  }
  return { status: 202, operation };
}
