import type { Instant, Resource, Cloud } from '../arm/model.ts';
import { readAsset } from '../providers/machineLearningServices/assetReferences.ts';
import { blobLocation } from '../providers/machineLearningServices/blobLocations.ts';
import { isAuthenticated } from './scoringAuthentication.ts';
import { bearer, json } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';
import { ScoringError } from './linearModel.ts';
import { isPublicAccessDisabled } from './publicAccess.ts';
import { occupy, requestTimeoutOf } from './requestSettings.ts';
import { executeScript } from './scoringScript.ts';
import { nextAnswer } from './scriptedAnswers.ts';
import type { ScriptedAnswer } from './scriptedAnswers.ts';
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

/** Executes the container's scoring script on the request's body with the deployment's model. Throws ScoringError. */
function infer(cloud: Cloud, workspace: Resource, deployment: Resource, body: string): string {
  const { model: modelId, codeConfiguration } = deployment.properties;
  const version = readAsset(cloud, workspace, 'models', modelId);
  const models = filesOf(cloud, workspace, version, 'modelUri');
  const code = readAsset(cloud, workspace, 'codes', objectOf(codeConfiguration)?.['codeId']);
  const isMlflow = version?.properties['modelType'] === 'mlflow_model';
  return executeScript({ code: filesOf(cloud, workspace, code, 'codeUri'), models, isMlflow }, body);
}

/** What the model answers, or what is scripted instead. */
function modelAnswer(
  cloud: Cloud,
  workspace: Resource,
  deployment: Resource,
  body: string,
  scripted: ScriptedAnswer | undefined,
): HttpReply {
  const common = { 'content-type': 'application/json', 'azureml-model-deployment': deployment.name };
  if (scripted?.status !== undefined) {
    const { status, headers, body: fixed = '' } = scripted;
    const text = typeof fixed === 'string' ? fixed : JSON.stringify(fixed);
    return { status, headers: { ...common, ...headers }, body: text };
  }
  try {
    return { status: 200, headers: common, body: infer(cloud, workspace, deployment, body) };
  } catch (error) {
    if (!(error instanceof ScoringError)) throw error;
    const headers = { 'ms-azureml-model-error-statuscode': '500', 'ms-azureml-model-error-reason': 'model_error' };
    return json(424, { error: { code: 'ModelError', message: error.message } }, headers);
  }
}

/** A deployment's answer: 429 while it has too many requests, 408 after its own time limit although the model keeps working. */
function deploymentAnswer(
  cloud: Cloud,
  workspace: Resource,
  deployment: Resource,
  request: HttpRequest,
  from: Instant,
): HttpReply {
  const scripted = nextAnswer(cloud, deployment.id.split('/').at(-3) ?? '');
  const work = scripted?.delaySeconds ?? cloud.duration('onlineEndpoint.score') / 1000 / cloud.timeScale;
  const limit = requestTimeoutOf(deployment);
  if (!occupy(cloud, deployment, from, Math.min(work, limit)))
    return { status: 429, headers: { 'content-type': 'text/plain' }, body: 'too many requests' };
  if (work > limit)
    return { status: 408, headers: { 'content-type': 'text/plain' }, body: 'upstream request timeout', seconds: limit };
  return { ...modelAnswer(cloud, workspace, deployment, request.body, scripted), seconds: work };
}

/** With this object set, the gateway checks keys before it checks the network: no published answer says which comes first. */
const authenticatesFirst = 'scoring:authenticatesFirst';

/**
 * The scoring route of a managed online endpoint: 401 without a credential of its mode of authentication, 404 while no deployment has
 * traffic, 424 with the model's own error (Azure docs: troubleshoot online endpoints, HTTP status codes).
 */
export function scoringService(
  cloud: Cloud,
  endpoint: Resource,
  request: HttpRequest,
  connection: ClientConnection,
): HttpReply {
  const workspace = cloud.find(endpoint.id.split('/onlineEndpoints/')[0] ?? '');
  const closed = connection.via === 'public' && isPublicAccessDisabled(endpoint.properties);
  if (closed && cloud.objects.get(authenticatesFirst) === undefined) return deniedByPrivateLink;
  if (!isAuthenticated(cloud, endpoint, bearer(request), connection.at)) {
    return json(401, { error: { code: 'Unauthorized', message: 'A valid key or token is needed.' } });
  }
  if (closed) return deniedByPrivateLink;
  const deployment = deploymentFor(cloud, endpoint, request);
  if (!workspace || !deployment || new URL(request.url).pathname !== '/score')
    return json(404, { error: { code: 'NotFound', message: 'Not Found' } });
  if (request.method !== 'POST') return json(405, { error: { code: 'MethodNotAllowed', message: 'Use POST.' } });
  return deploymentAnswer(cloud, workspace, deployment, request, connection.at);
}
