import { asObject } from '../../http/call.ts';
import type { Cloud, ErrorBody, Json, Resource } from '../../arm/model.ts';
import { imageContents } from '../../dataPlane/containerImage.ts';
import { startContainer } from '../../dataPlane/containerStart.ts';
import type { ContainerStart, Files } from '../../dataPlane/containerStart.ts';
import { blobsBelow, readBlob } from '../../dataPlane/storedObjects.ts';
import { nonEmptyText } from '../resourceHelpers.ts';
import { readAsset } from './assetReferences.ts';
import { blobLocation } from './blobLocations.ts';
import { workspaceOfDeployment } from './egressConnections.ts';

const crashText =
  'User container has crashed or terminated: Liveness probe failed: HTTP probe failed with statuscode: 502. Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#error-resourcenotready';

/**
 * How Azure reports a container that crashed: with the code `BadArgument` (Azure/azureml-examples#3983), or, where the object
 * `crashForm` is `nullCode` or `noCode`, in the former way, the code in the message only (Azure/mlops-v2#120).
 */
function crashError(cloud: Cloud): ErrorBody {
  const form = cloud.objects.get('crashForm');
  const message = `ResourceNotReady: ${crashText}`;
  if (form === 'nullCode') return { code: null, message };
  return form === 'noCode' ? { message } : { code: 'BadArgument', message: crashText };
}

/** Files of a registered code or model version, by path below its directory. */
function filesOf(cloud: Cloud, workspace: Resource, asset: Resource | undefined, uriMember: string): Files {
  const place = asset && blobLocation(cloud, workspace, nonEmptyText(asset.properties[uriMember]) ?? '');
  if (!place) return {};
  const names = blobsBelow(cloud, place.account, place.container, place.path);
  return Object.fromEntries(
    names.map((name) => [
      name === place.path ? name.slice(name.lastIndexOf('/') + 1) : name.slice(place.path.length).replace(/^\//, ''),
      readBlob(cloud, place.account, place.container, name) ?? '',
    ]),
  );
}

/** What becomes of the deployment's container; undefined for one without code, or of an image whose contents are unknown. */
function containerOf(cloud: Cloud, deployment: Resource): ContainerStart | undefined {
  const workspace = workspaceOfDeployment(cloud, deployment);
  if (!workspace) return undefined;
  const { environmentId, model, codeConfiguration } = deployment.properties;
  const { codeId, scoringScript } = asObject(codeConfiguration);
  const image = readAsset(cloud, workspace, 'environments', environmentId)?.properties['image'];
  const contents = imageContents(cloud, nonEmptyText(image) ?? '');
  const script = nonEmptyText(scoringScript);
  const code = filesOf(cloud, workspace, readAsset(cloud, workspace, 'codes', codeId), 'codeUri');
  if (script === undefined) return undefined;
  if (contents === undefined) return code[script] === undefined ? missingScript(script) : undefined;
  const models = filesOf(cloud, workspace, readAsset(cloud, workspace, 'models', model), 'modelUri');
  return startContainer(contents, code, script, models);
}

const missingScript = (script: string): ContainerStart => ({
  healthy: false,
  log: [
    'Traceback (most recent call last):',
    '  File "user_script.py", line 1, in <module>',
    `FileNotFoundError: ${script}: No such file or directory`,
    'Worker failed to boot.',
  ],
});

/** Seconds that loading the model takes in `init`: the object `modelLoadSeconds:{endpoint}`, or `modelLoadSeconds` for all. */
export function modelLoadSeconds(cloud: Cloud, deployment: Resource): number {
  const endpoint = deployment.id.split('/')[10] ?? '';
  return Number(cloud.objects.get(`modelLoadSeconds:${endpoint}`) ?? cloud.objects.get('modelLoadSeconds') ?? 0);
}

/** Seconds after which the liveness probe gives a container up that does not answer. */
export function livenessSeconds({ properties }: Resource): number {
  const { initialDelay, period, failureThreshold } = asObject(properties['livenessProbe']);
  return seconds(initialDelay, 10) + seconds(period, 10) * Number(failureThreshold ?? 30);
}

/** An ISO 8601 duration in seconds. */
function seconds(duration: Json | undefined, fallback: number): number {
  const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(nonEmptyText(duration) ?? '');
  if (!parts) return fallback;
  const [hours = 0, minutes = 0, rest = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + rest;
}

/** Why the deployment's container does not come up; undefined when it does. */
export function startFailure(cloud: Cloud, deployment: Resource): ErrorBody | undefined {
  const crashed = containerOf(cloud, deployment)?.healthy === false;
  const late = modelLoadSeconds(cloud, deployment) > livenessSeconds(deployment);
  return crashed || late ? crashError(cloud) : undefined;
}

const stage = (name: string, ok: boolean): string => `${name}: ${ok ? 'Succeeded' : 'Failed'}`;

/** The answer of `getLogs`: the stages of the instance, then the container's own output. */
export function deploymentLog(cloud: Cloud, deployment: Resource): string {
  const failure = deployment.operation?.error;
  const pulled = failure === undefined || /container has crashed/.test(failure.message ?? '');
  const lines = [
    'Instance status:',
    stage('SystemSetup', true),
    stage('UserContainerImagePull', pulled),
    stage('ModelDownload', pulled),
    `UserContainerStart: ${pulled && failure ? 'Failed' : cloud.provisioningState(deployment)}`,
    '',
    'Container events:',
    ...(failure ? [`Kind: Pod, Name: Unhealthy, Type: Warning, Message: ${failure.message ?? ''}`] : []),
    '',
    'Container logs:',
    ...(pulled ? outputOf(cloud, deployment, failure !== undefined) : []),
  ];
  return lines.join('\n');
}

function outputOf(cloud: Cloud, deployment: Resource, failed: boolean): string[] {
  const at = new Date(deployment.operation?.startedAt ?? deployment.createdAt).toISOString();
  const start = containerOf(cloud, deployment);
  if (start && start.healthy !== failed) return start.log.map((line) => `${at} ${line}`);
  const script = nonEmptyText(asObject(deployment.properties['codeConfiguration'])['scoringScript']) ?? '';
  const found = script === '' ? `${at} Serving an MLflow model` : `${at} Found user script ${script}`;
  const greeting = [`${at} Azure ML Inferencing HTTP server`, found];
  if (script === '' && !failed) return greeting;
  return failed
    ? [...greeting, `${at} Liveness probe failed: HTTP probe failed with statuscode: 502`]
    : [...greeting, `${at} Run function was found`];
}
