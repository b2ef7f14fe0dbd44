import { createHash } from 'node:crypto';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { versionTags } from './addedVersions.ts';
import { blobDatastore } from './blobDatastore.ts';
import { resourceHandle } from './resourceType.ts';

/** The result of the image step: the image by digest and by tag, and paths below the workspace's default blob container. */
export interface Uploaded {
  modelPath: string;
  /** null: no image was built, and Azure's own serves the model; tag and code are absent then */
  image: string | null;
  tag?: string;
  codePath?: string;
}

/** ARM ids; a model that is served without code has only its own. */
export interface Versions {
  modelId: string;
  codeId?: string;
  environmentId?: string;
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

  const registerModel = () => {
    const { modelPath } = uploaded;
    const isServedByAzure = uploaded.image === null;
    // only `mlflow_model` is served without code; with egress disabled it cannot be served at all (PF-11)
    const modelType = isServedByAzure ? 'mlflow_model' : 'custom_model';
    return register('models', versionOf(modelPath, ...(isServedByAzure ? [modelType] : [])), (version, tags) =>
      modelVersions.createOrUpdate(group, workspace, asset, version, {
        properties: { modelType, modelUri: `${datastore}${modelPath}`, tags: { format, ...tags } },
      }),
    );
  };
  const registerCode = (codePath: string) =>
    register('codes', versionOf(codePath), (version, tags) =>
      codeVersions.createOrUpdate(group, workspace, asset, version, {
        properties: { codeUri: `https://${account}.blob.core.windows.net/${container}/${codePath}`, ...tagged(tags) },
      }),
    );
  const registerImage = (image: string, tag: string) =>
    register('environments', versionOf(image), async (version, tags) => {
      const send = (reference: string) =>
        environmentVersions.createOrUpdate(group, workspace, asset, version, {
          properties: { ...environmentOf(reference), ...tagged(tags) },
        });
      try {
        await send(image);
      } catch (error) {
        // every published example names the image by tag; the tag is a hash of what the image was built from
        if (azure.errorOf(error).status !== 400) throw error;
        await send(tag);
      }
    });

  const { image, tag, codePath } = uploaded;
  if (image === null || tag === undefined || codePath === undefined) return { modelId: await registerModel() };
  const [codeId, modelId, environmentId] = await Promise.all([
    registerCode(codePath),
    registerModel(),
    registerImage(image, tag),
  ]);
  return { codeId, modelId, environmentId };
}
