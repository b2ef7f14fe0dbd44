import { asObject } from '../../http/call.ts';
import type { ErrorBody, Json, Resource, World } from '../../arm/model.ts';
import { blobsBelow, imageExists } from '../../dataPlane/storedObjects.ts';
import { roleIsEffective } from '../authorization/roleAssignments.ts';
import { ancestorId, filledText, subscriptionOf, wordOf } from '../resourceHelpers.ts';
import { readAsset, referenceText } from './assetReferences.ts';
import { blobPlace, isDefaultStorage } from './blobLocations.ts';
import { coreLimit, coresInUse, instancesOf } from './machineLearningQuota.ts';
import { coresNeeded, instanceTypeOf } from './instanceTypes.ts';

/** Built-in roles that an endpoint's identity needs (PF-23). */
const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';

const badArgument = (message: string): ErrorBody => ({ code: 'BadArgument', message });

/** Why a deployment does not come up, in the order in which the service gets to it; undefined when it does. */
export function deploymentFailure(world: World, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  return (
    quotaFailure(world, deployment) ??
    identityFailure(world, workspace, deployment) ??
    imageFailure(world, workspace, deployment) ??
    modelFailure(world, workspace, deployment) ??
    codeFailure(world, workspace, deployment)
  );
}

function quotaFailure(world: World, deployment: Resource): ErrorBody | undefined {
  const type = instanceTypeOf(filledText(deployment.properties['instanceType']) ?? '');
  if (type === undefined) return undefined;
  const location = deployment.location ?? '';
  const limit = coreLimit(world, type.family, location);
  const used = coresInUse(world, subscriptionOf(deployment.id), type.family, location, deployment.id);
  const needed = coresNeeded(type, instancesOf(deployment));
  if (used + needed <= limit) return undefined;
  const message = `Not enough quota available for ${type.size} in SubscriptionId ${subscriptionOf(deployment.id)}. Current usage/limit: ${used}/${limit}. Additional needed: ${needed}.`;
  return { code: 'OutOfQuota', message };
}

/** A user-assigned identity must have been given its roles; a system-assigned one gets them by itself. */
function identityFailure(world: World, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  const identity = world.find(ancestorId(deployment.id, 1))?.identity;
  const principals = Object.values(asObject(identity?.['userAssignedIdentities'])).map((entry) =>
    filledText(asObject(entry)['principalId']),
  );
  if (wordOf(identity?.['type']).includes('SystemAssigned') || principals.length === 0) return undefined;
  const needs = [
    [filledText(workspace.properties['containerRegistry']), acrPull],
    [filledText(workspace.properties['storageAccount']), blobDataReader],
  ] as const;
  const missing = needs.some(
    ([scope, roleId]) =>
      scope !== undefined &&
      !principals.some(
        (principalId) => principalId && roleIsEffective(world, { principalId, scope, roleId, at: world.now() }),
      ),
  );
  if (!missing) return undefined;
  return badArgument(
    'Startup task failed due to authorization error: the identity of the endpoint has incorrect role assignments on the container registry or the storage account.',
  );
}

/** With egress disabled only the workspace's own registry is in reach (PF-10); with egress enabled a closed one is not (PF-17). */
function imageFailure(world: World, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  const environment = readAsset(world, workspace, 'environments', deployment.properties['environmentId']);
  if (environment === undefined) {
    return missingAsset('environment', deployment.properties['environmentId']);
  }
  const image = filledText(environment.properties['image']);
  const unable = (why: string): ErrorBody => badArgument(`Unable to download user container image ${image}: ${why}.`);
  if (image === undefined || environment.properties['build'] !== undefined) {
    return {
      code: 'ImageBuildFailure',
      message: "The image build failed to communicate with the workspace's container registry.",
    };
  }
  const registry = world.find(filledText(workspace.properties['containerRegistry']) ?? '');
  const own = filledText(registry?.properties['loginServer']);
  const host = (image.split('/')[0] ?? '').toLowerCase();
  const closedEgress = deployment.properties['egressPublicNetworkAccess'] === 'Disabled';
  if (closedEgress && host !== own) {
    return unable(`with egressPublicNetworkAccess disabled only the registry ${own} of the workspace can be reached`);
  }
  if (!closedEgress && host === own && registry?.properties['publicNetworkAccess'] === 'Disabled') {
    return unable(`registry ${own} does not allow public access and the deployment has no private path to it`);
  }
  if (host === own && !imageExists(world, image)) return unable(`it is not in registry ${own}`);
  return undefined;
}

function modelFailure(world: World, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  const reference = deployment.properties['model'];
  if (referenceText(reference) === undefined) return undefined;
  const model = readAsset(world, workspace, 'models', reference);
  if (model === undefined) return missingAsset('model', reference);
  return filesFailure(world, workspace, deployment, 'user model', filledText(model.properties['modelUri']) ?? '');
}

function codeFailure(world: World, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  const configuration = asObject(deployment.properties['codeConfiguration']);
  if (configuration['codeId'] === undefined || configuration['codeId'] === null) return undefined;
  const code = readAsset(world, workspace, 'codes', configuration['codeId']);
  if (code === undefined) return missingAsset('code', configuration['codeId']);
  const uri = filledText(code.properties['codeUri']) ?? '';
  const failure = filesFailure(world, workspace, deployment, 'user code', uri);
  if (failure) return failure;
  const script = filledText(configuration['scoringScript']);
  const place = blobPlace(world, workspace, uri);
  if (script === undefined || place === undefined) return undefined;
  const files = blobsBelow(world, place.account, place.container, place.path);
  if (files.some((name) => name === `${place.path}/${script}` || name.endsWith(`/${script}`) || name === script)) {
    return undefined;
  }
  return {
    code: 'ResourceNotReady',
    message: `User container has crashed or terminated: scoring script ${script} was not found.`,
  };
}

/** The files must be there: with egress disabled in the default storage (PF-12), else behind the workspace's public door (PF-07). */
function filesFailure(
  world: World,
  workspace: Resource,
  deployment: Resource,
  what: string,
  uri: string,
): ErrorBody | undefined {
  const unable = (why: string): ErrorBody => badArgument(`Unable to download ${what} from ${uri}: ${why}.`);
  const place = blobPlace(world, workspace, uri);
  if (place === undefined) return unable('it names no datastore of this workspace and no blob address');
  const closedEgress = deployment.properties['egressPublicNetworkAccess'] === 'Disabled';
  if (!isDefaultStorage(workspace, place) && closedEgress) {
    return unable('with egressPublicNetworkAccess disabled only the default storage of the workspace can be reached');
  }
  if (!closedEgress && workspace.properties['publicNetworkAccess'] === 'Disabled') {
    return unable('the workspace does not allow public access and the deployment has no private path to it');
  }
  const found = blobsBelow(world, place.account, place.container, place.path);
  return found.length > 0 ? undefined : unable('there is no such blob');
}

function missingAsset(kind: string, reference: Json | undefined): ErrorBody {
  return badArgument(
    `The ${kind} '${referenceText(reference) ?? ''}' of the deployment was not found in the workspace.`,
  );
}
