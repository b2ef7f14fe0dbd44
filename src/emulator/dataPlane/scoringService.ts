import type { Json, Resource, Cloud } from '../arm/model.ts';
import { readAsset } from '../providers/machineLearningServices/assetReferences.ts';
import { blobLocation } from '../providers/machineLearningServices/blobLocations.ts';
import { bearer, json } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { parseLinearModel, scoreRows, scoreTable, ScoringError } from './linearModel.ts';
import { blobsBelow, readBlob } from './storedObjects.ts';
import { objectOf, textAt } from './jsonPath.ts';
import { deniedByPrivateLink } from './workspaceService.ts';

/** Texts of the files of a registered code or model version. */
function filesOf(cloud: Cloud, workspace: Resource, asset: Resource | undefined, uriMember: string): string[] {
  const place = asset && blobLocation(cloud, workspace, textAt(asset.properties, uriMember));
  if (!place) return [];
  return blobsBelow(cloud, place.account, place.container, place.path).map(
    (name) => readBlob(cloud, place.account, place.container, name) ?? '',
  );
}

/** The deployment that answers: the one that the request names, else the one with the largest share of the traffic. */
function deploymentFor(cloud: Cloud, endpoint: Resource, request: HttpRequest): Resource | undefined {
  const shares = Object.entries(objectOf(endpoint.properties['traffic']) ?? {}).map(([name, share]) => ({
    name,
    share: Number(share),
  }));
  const largest = shares.filter(({ share }) => share > 0).toSorted((a, b) => b.share - a.share)[0];
  const name = request.headers['azureml-model-deployment'] ?? largest?.name;
  const deployment = name === undefined ? undefined : cloud.find(`${endpoint.id}/deployments/${name}`);
  return deployment && cloud.provisioningState(deployment) === 'Succeeded' ? deployment : undefined;
}

/** Executes the container's scoring script on the request's body with the deployment's model. */
function infer(cloud: Cloud, workspace: Resource, deployment: Resource, body: string): number[] {
  const { model: modelId, codeConfiguration } = deployment.properties;
  const models = filesOf(cloud, workspace, readAsset(cloud, workspace, 'models', modelId), 'modelUri');
  const model = models.map(parseLinearModel).find((found) => found !== undefined);
  if (!model) throw new ScoringError('FileNotFoundError: no model below AZUREML_MODEL_DIR');
  const code = readAsset(cloud, workspace, 'codes', objectOf(codeConfiguration)?.['codeId']);
  const takesTables = filesOf(cloud, workspace, code, 'codeUri').some((script) => script.includes('input_data'));
  let input: Json;
  try {
    input = JSON.parse(body) as Json;
  } catch {
    throw new ScoringError('JSONDecodeError: the body is no JSON');
  }
  return takesTables ? scoreTable(model, input) : scoreRows(model, input);
}

/**
 * The scoring route of a managed online endpoint with key authentication: 401 without a key, 404 while no deployment has
 * traffic, 424 with the model's own error (Azure docs: troubleshoot online endpoints, HTTP status codes).
 */
export function scoringService(
  cloud: Cloud,
  endpoint: Resource,
  request: HttpRequest,
  connection: ClientConnection,
): HttpReply {
  const workspace = cloud.find(endpoint.id.split('/onlineEndpoints/')[0] ?? '');
  if (connection.via === 'public' && textAt(endpoint.properties, 'publicNetworkAccess') === 'Disabled') {
    return deniedByPrivateLink;
  }
  const key = bearer(request);
  const keys = [textAt(endpoint.secrets, 'primaryKey'), textAt(endpoint.secrets, 'secondaryKey')];
  if (key === undefined || !keys.includes(key)) {
    return json(401, { error: { code: 'Unauthorized', message: 'A valid key or token is needed.' } });
  }
  const deployment = deploymentFor(cloud, endpoint, request);
  if (!workspace || !deployment || new URL(request.url).pathname !== '/score')
    return json(404, { error: { code: 'NotFound', message: 'Not Found' } });
  if (request.method !== 'POST') return json(405, { error: { code: 'MethodNotAllowed', message: 'Use POST.' } });
  try {
    return json(200, infer(cloud, workspace, deployment, request.body), {
      'azureml-model-deployment': deployment.name,
    });
  } catch (error) {
    if (!(error instanceof ScoringError)) throw error;
    const headers = { 'ms-azureml-model-error-statuscode': '500', 'ms-azureml-model-error-reason': 'model_error' };
    return json(424, { error: { code: 'ModelError', message: error.message } }, headers);
  }
}
