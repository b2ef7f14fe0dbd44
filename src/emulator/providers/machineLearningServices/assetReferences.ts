import { asObject } from '../../http/call.ts';
import type { Json, Resource, Cloud } from '../../arm/model.ts';
import { nonEmptyText } from '../resourceHelpers.ts';

/**
 * The code, model or environment version that a deployment names: by full resource id, with or without the `azureml:` prefix,
 * or as `azureml:name:version` in the deployment's own workspace. Undefined when it does not exist.
 */
export function readAsset(
  cloud: Cloud,
  workspace: Resource,
  segment: 'codes' | 'models' | 'environments',
  reference: Json | undefined,
): Resource | undefined {
  const text = referenceText(reference);
  if (text === undefined) return undefined;
  const plain = text.replace(/^azureml:(\/\/)?/i, '');
  if (plain.startsWith('/')) return cloud.find(plain);
  const [name, version] = plain.split(':');
  return version === undefined ? undefined : cloud.find(`${workspace.id}/${segment}/${name}/versions/${version}`);
}

/** The text of a reference; older api-versions wrap it as `{referenceType: 'Id', assetId}`. */
export function referenceText(reference: Json | undefined): string | undefined {
  return nonEmptyText(reference) ?? nonEmptyText(asObject(reference)['assetId']);
}
