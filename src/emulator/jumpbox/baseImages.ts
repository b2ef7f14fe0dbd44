import type { Cloud } from '../arm/model.ts';
import type { ImageContents } from '../dataPlane/containerImage.ts';
import { createHash } from 'node:crypto';

/** An image in a public registry. */
export interface BaseImage {
  digest: string;
  contents: ImageContents;
}

const azureEnvironment = '/azureml-envs/minimal';

/** An image of Azure with the inference server in an environment of its own (Azure/azureml-assets, minimal-py311-inference). */
const azureImage = (python: string, server: string): ImageContents => ({
  python,
  serving: azureEnvironment,
  environments: {
    [azureEnvironment]: { pip: '25.1', 'azureml-inference-server-http': server, flask: '3.1.3' },
  },
  starts: 'runsvdir',
  labels: {},
  sizeGb: 2,
});

const pythonImage = (python: string): ImageContents => ({
  python,
  serving: '/usr/local',
  environments: { '/usr/local': { pip: '24.0' } },
  starts: 'other',
  labels: {},
  sizeGb: 0.2,
});

const azureImages: Record<string, ImageContents> = {
  'mcr.microsoft.com/azureml/minimal-py312-inference:latest': azureImage('3.12', '1.5.1'),
  'mcr.microsoft.com/azureml/minimal-ubuntu20.04-py38-cpu-inference:latest': azureImage('3.8', '1.3.4'),
};

const pythonName =
  /^(?:docker\.io\/)?(?:library\/)?python:(3\.(?:[789]|1[0-3]))(?:\.\d+)?(?:-slim)?(?:-(?:bookworm|bullseye))?$/;

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The image that a public registry has under a name, as a test set it, or by default; undefined when there is none. */
export function findBaseImage(cloud: Cloud, name: string): BaseImage | undefined {
  const stored = cloud.objects.get(`baseImage:${name}`) as unknown as BaseImage | null | undefined;
  if (stored !== undefined) return stored ?? undefined;
  const python = pythonName.exec(name)?.[1];
  const contents = azureImages[name] ?? (python === undefined ? undefined : pythonImage(python));
  return contents && { digest: digestOf(name), contents };
}

/**
 * Sets what a public registry has under a name: `null` removes the image; otherwise its `digest`, `sizeGb` and `packages` (of the serving
 * environment) replace those of the image that it had, or of a plain Python image.
 */
export function setBaseImage(
  cloud: Cloud,
  name: string,
  image: { digest?: string; sizeGb?: number; packages?: Record<string, string> } | null,
): void {
  if (image === null) return cloud.objects.put(`baseImage:${name}`, null);
  const before = findBaseImage(cloud, name) ?? { digest: digestOf(name), contents: pythonImage('3.11') };
  const { serving, environments } = before.contents;
  const contents: ImageContents = {
    ...before.contents,
    sizeGb: image.sizeGb ?? before.contents.sizeGb,
    environments: { ...environments, [serving]: { ...environments[serving], ...image.packages } },
  };
  const digest = image.digest ?? digestOf(JSON.stringify(contents) + name);
  return cloud.objects.put(`baseImage:${name}`, JSON.parse(JSON.stringify({ digest, contents })));
}
