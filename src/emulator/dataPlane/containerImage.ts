import type { Cloud, Json } from '../arm/model.ts';
import { objectOf, textAt } from './jsonPath.ts';

/** Installed packages of one Python environment: version by normalised name. */
export type Packages = Record<string, string>;

/** What an emulated container image holds, as its manifest stores it in the member `contents`. */
export interface ImageContents {
  /** `3.12` */
  python: string;
  /** directory of the Python environment whose server the container starts, e.g. `/azureml-envs/minimal` */
  serving: string;
  /** packages by environment directory */
  environments: Record<string, Packages>;
  /** what the container starts: the inference server, by its command or by Azure's service manager, or something else */
  starts: 'azmlinfsrv' | 'runsvdir' | 'other';
  labels: Record<string, string>;
  sizeGb: number;
}

export const packagesOf = (contents: ImageContents): Packages => contents.environments[contents.serving] ?? {};

/** The contents in a manifest's text; undefined for an index, or for a manifest without them. */
export function contentsOf(manifest: string): ImageContents | undefined {
  try {
    return objectOf((JSON.parse(manifest) as { contents?: Json }).contents) as ImageContents | undefined;
  } catch {
    return undefined;
  }
}

/** The contents of an image in its registry, by tag or digest; undefined when it is absent. */
export function imageContents(cloud: Cloud, image: string): ImageContents | undefined {
  return contentsOf(textAt(cloud.objects.get(`image:${image}`), 'manifest'));
}
