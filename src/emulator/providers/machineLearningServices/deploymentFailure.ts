import { asObject } from '../../http/call.ts';
import type { ErrorBody, Json, Resource, Cloud } from '../../arm/model.ts';
import { blobsBelow, imageExists } from '../../dataPlane/storedObjects.ts';
import { roleIsEffective } from '../authorization/roleAssignments.ts';
import { ancestorId, nonEmptyText, printable } from '../resourceHelpers.ts';
import { readAsset, referenceText } from './assetReferences.ts';
import { blobLocation, isDefaultStorage } from './blobLocations.ts';
import type { BlobLocation } from './blobLocations.ts';
import { networkReaches } from './managedNetwork/networkReach.ts';
import { activeSince, isolationModeOf } from './managedNetwork/networkState.ts';
import { isServedWithoutCode, microsoftImageFailure } from './servedWithoutCode.ts';
import { datastoreType } from './typeNames.ts';
import { startFailure } from './deploymentStart.ts';

/** Built-in roles that an endpoint's identity needs (PF-23). */
const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';

const badArgument = (message: string): ErrorBody => ({ code: 'BadArgument', message });

/** Why a deployment does not come up, in the order in which the service gets to it; undefined when it does. */
export function deploymentFailure(cloud: Cloud, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  return (
    networkFailure(workspace, deployment) ??
    identityFailure(cloud, workspace, deployment) ??
    imageFailure(cloud, workspace, deployment) ??
    modelFailure(cloud, workspace, deployment) ??
    codeFailure(cloud, workspace, deployment) ??
    startFailure(cloud, deployment)
  );
}

/** A workspace with a managed network takes deployments once the network has been provisioned. */
function networkFailure(workspace: Resource, { operation }: Resource): ErrorBody | undefined {
  if (isolationModeOf(workspace) === 'Disabled') return undefined;
  if ((operation?.startedAt ?? Infinity) >= (activeSince(workspace) ?? Infinity)) return undefined;
  return {
    code: 'WorkspaceManagedNetworkNotReady',
    message: `The managed network of workspace '${workspace.name}' is not ready. Provision it before creating a deployment.`,
  };
}

/** A user-assigned identity must have been given its roles; a system-assigned one gets them automatically. */
function identityFailure(cloud: Cloud, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  const identity = cloud.find(ancestorId(deployment.id, 1))?.identity;
  const principals = Object.values(asObject(identity?.['userAssignedIdentities'])).map((entry) =>
    nonEmptyText(asObject(entry)['principalId']),
  );
  if (printable(identity?.['type']).includes('SystemAssigned') || principals.length === 0) return undefined;
  const needs = [
    [nonEmptyText(workspace.properties['containerRegistry']), acrPull],
    [nonEmptyText(workspace.properties['storageAccount']), blobDataReader],
  ] as const;
  const missing = needs.some(
    ([scope, roleId]) =>
      scope !== undefined &&
      !principals.some(
        (principalId) => principalId && roleIsEffective(cloud, { principalId, scope, roleId, at: cloud.now() }),
      ),
  );
  if (!missing) return undefined;
  return badArgument(
    'Startup task failed due to authorization error: the identity of the endpoint has incorrect role assignments on the container registry or the storage account.',
  );
}

/** With egress disabled only the workspace's own registry is in reach (PF-10); with egress enabled a closed one is not (PF-17). */
function imageFailure(cloud: Cloud, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  if (isServedWithoutCode(cloud, workspace, deployment)) return microsoftImageFailure(cloud, workspace);
  const environment = readAsset(cloud, workspace, 'environments', deployment.properties['environmentId']);
  if (environment === undefined) {
    return missingAsset('environment', deployment.properties['environmentId']);
  }
  const image = nonEmptyText(environment.properties['image']);
  const unable = (why: string): ErrorBody => badArgument(`Unable to download user container image ${image}: ${why}.`);
  if (image === undefined || environment.properties['build'] !== undefined) {
    return {
      code: 'ImageBuildFailure',
      message: "The image build failed to communicate with the workspace's container registry.",
    };
  }
  const registry = cloud.find(nonEmptyText(workspace.properties['containerRegistry']) ?? '');
  const own = nonEmptyText(registry?.properties['loginServer']);
  const host = (image.split('/')[0] ?? '').toLowerCase();
  const closedEgress = deployment.properties['egressPublicNetworkAccess'] === 'Disabled';
  if (isolationModeOf(workspace) !== 'Disabled') {
    if (!networkReaches(cloud, workspace, host)) return unable(`the managed network does not let it out to ${host}`);
  } else if (closedEgress && host !== own) {
    return unable(`with egressPublicNetworkAccess disabled only the registry ${own} of the workspace can be reached`);
  } else if (!closedEgress && host === own && registry?.properties['publicNetworkAccess'] === 'Disabled') {
    return unable(`registry ${own} does not allow public access and the deployment has no private path to it`);
  }
  if (host === own && !imageExists(cloud, image)) return unable(`it is not in registry ${own}`);
  return undefined;
}

function modelFailure(cloud: Cloud, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  const reference = deployment.properties['model'];
  if (referenceText(reference) === undefined) return undefined;
  const model = readAsset(cloud, workspace, 'models', reference);
  if (model === undefined) return missingAsset('model', reference);
  return filesFailure(cloud, workspace, deployment, 'user model', nonEmptyText(model.properties['modelUri']) ?? '');
}

function codeFailure(cloud: Cloud, workspace: Resource, deployment: Resource): ErrorBody | undefined {
  const configuration = asObject(deployment.properties['codeConfiguration']);
  if (configuration['codeId'] === undefined || configuration['codeId'] === null) return undefined;
  const code = readAsset(cloud, workspace, 'codes', configuration['codeId']);
  if (code === undefined) return missingAsset('code', configuration['codeId']);
  const uri = nonEmptyText(code.properties['codeUri']) ?? '';
  return filesFailure(cloud, workspace, deployment, 'user code', uri);
}

/** The files must be there: with egress disabled in the default storage (PF-12), else reachable through the workspace's public endpoint (PF-07). */
function filesFailure(
  cloud: Cloud,
  workspace: Resource,
  deployment: Resource,
  what: string,
  uri: string,
): ErrorBody | undefined {
  const unable = (why: string): ErrorBody => badArgument(`Unable to download ${what} from ${uri}: ${why}.`);
  const place = blobLocation(cloud, workspace, uri);
  if (place === undefined) return unable('it names no datastore of this workspace and no blob address');
  const blocked = pathFailure(cloud, workspace, deployment, place);
  if (blocked !== undefined) return unable(blocked);
  if (needsAccountKey(cloud, workspace, place)) {
    return unable(
      'KeyBasedAuthenticationNotPermitted: Key based authentication is not permitted on this storage account',
    );
  }
  const found = blobsBelow(cloud, place.account, place.container, place.path);
  return found.length > 0 ? undefined : unable('there is no such blob');
}

/** Why the deployment has no path to these files; undefined where it has one. */
function pathFailure(cloud: Cloud, workspace: Resource, deployment: Resource, place: BlobLocation): string | undefined {
  if (isolationModeOf(workspace) !== 'Disabled') {
    const host = `${place.account}.blob.core.windows.net`;
    return networkReaches(cloud, workspace, host) ? undefined : `the managed network does not let it out to ${host}`;
  }
  const closedEgress = deployment.properties['egressPublicNetworkAccess'] === 'Disabled';
  if (!isDefaultStorage(workspace, place) && closedEgress) {
    return 'with egressPublicNetworkAccess disabled only the default storage of the workspace can be reached';
  }
  if (closedEgress) return undefined;
  if (workspace.properties['publicNetworkAccess'] === 'Disabled')
    return 'the workspace does not allow public access and the deployment has no private path to it';
  return isStorageClosed(cloud, workspace)
    ? 'the storage account does not allow public access and the deployment has no private path to it'
    : undefined;
}

/** The workspace's storage refuses the addresses of a deployment with public egress, which nobody knows before. */
function isStorageClosed(cloud: Cloud, workspace: Resource): boolean {
  const account = cloud.find(nonEmptyText(workspace.properties['storageAccount']) ?? '');
  const { publicNetworkAccess, networkAcls } = account?.properties ?? {};
  return publicNetworkAccess === 'Disabled' || asObject(networkAcls)['defaultAction'] === 'Deny';
}

/** The datastore of these files signs in with the account's key, which the account refuses. */
function needsAccountKey(cloud: Cloud, workspace: Resource, place: BlobLocation): boolean {
  const account = cloud.find(nonEmptyText(workspace.properties['storageAccount']) ?? '');
  if (account === undefined || account.name !== place.account || account.properties['allowSharedKeyAccess'] !== false)
    return false;
  return cloud
    .descendants(workspace.id, datastoreType)
    .filter(({ properties }) => properties['containerName'] === place.container)
    .every(({ properties }) => asObject(properties['credentials'])['credentialsType'] === 'AccountKey');
}

function missingAsset(kind: string, reference: Json | undefined): ErrorBody {
  return badArgument(
    `The ${kind} '${referenceText(reference) ?? ''}' of the deployment was not found in the workspace.`,
  );
}
