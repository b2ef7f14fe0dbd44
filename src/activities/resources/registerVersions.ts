import { createHash } from 'node:crypto';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { versionTags } from './addedVersions.ts';
import { blobDatastore } from './blobDatastore.ts';
import { resourceHandle } from './resourceType.ts';

/** The result of the image step: the image by digest and by tag, and paths below the workspace's default blob container. */
export interface Uploaded {
  image: string;
  tag: string;
  codePath: string;
  modelPath: string;
}

export interface Versions {
  codeId: string;
  modelId: string;
  environmentId: string;
}

const inferencePort = 5001;

/** An environment version of an image, with the container's three routes. */
const environmentOf = (image: string) => ({
  image,
  osType: 'Linux',
  inferenceConfig: {
    livenessRoute: { port: inferencePort, path: '/' },
    readinessRoute: { port: inferencePort, path: '/' },
    scoringRoute: { port: inferencePort, path: '/score' },
  },
});

/** The member `tags`, where there are any. */
const tagged = (tags: Record<string, string>) => (Object.keys(tags).length === 0 ? {} : { tags });

const versionOf = (...content: string[]): string =>
  createHash('sha256').update(content.join('\n')).digest('hex').slice(0, 32);

/**
 * Registers the versions of code, model and environment that a deployment refers to. Each version is named by a hash of its content, so
 * the activity is idempotent. The environment version names the container's three routes (Azure docs: custom container deployment), and the
 * image by digest, or by tag where Azure refuses a digest.
 */
export async function registerVersions(
  deps: ActivityDeps,
  { ref, uploaded, format }: { ref: EnvironmentRef; uploaded: Uploaded; format: 'custom' | 'mlflow' },
): Promise<Versions> {
  const { azure } = deps;
  const { clients, group, names, id } = resourceHandle(azure, plannedResource(ref, 'workspace').id);
  const workspace = names[0]!;
  const { codeVersions, modelVersions, environmentVersions } = clients.machineLearning;
  const asset = resourceName(ref, 'onlineEndpoint');
  const { name: datastoreName, account, container } = await blobDatastore(azure, ref);
  const datastore = `azureml://subscriptions/${ref.subscriptionId}/resourcegroups/${group}/workspaces/${workspace}/datastores/${datastoreName}/paths/`;

  type Send = (version: string, tags: Record<string, string>) => Promise<unknown>;
  const register = async (kind: string, version: string, send: Send) => {
    const versionId = `${id}/${kind}/${asset}/versions/${version}`;
    await send(version, versionTags(deps, ref, versionId));
    return versionId;
  };

  const [codeId, modelId, environmentId] = await Promise.all([
    register('codes', versionOf(uploaded.codePath), (version, tags) =>
      codeVersions.createOrUpdate(group, workspace, asset, version, {
        properties: {
          codeUri: `https://${account}.blob.core.windows.net/${container}/${uploaded.codePath}`,
          ...tagged(tags),
        },
      }),
    ),
    register('models', versionOf(uploaded.modelPath), (version, tags) =>
      modelVersions.createOrUpdate(group, workspace, asset, version, {
        // Never `mlflow_model`: that type cannot be served with egress disabled (PF-11).
        properties: {
          modelType: 'custom_model',
          modelUri: `${datastore}${uploaded.modelPath}`,
          tags: { format, ...tags },
        },
      }),
    ),
    register('environments', versionOf(uploaded.image), async (version, tags) => {
      const send = (image: string) =>
        environmentVersions.createOrUpdate(group, workspace, asset, version, {
          properties: { ...environmentOf(image), ...tagged(tags) },
        });
      try {
        await send(uploaded.image);
      } catch (error) {
        // every published example names the image by tag; the tag is a hash of what the image was built from
        if (azure.errorOf(error).status !== 400) throw error;
        await send(uploaded.tag);
      }
    }),
  ]);
  return { codeId, modelId, environmentId };
}
