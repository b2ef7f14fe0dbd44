import { randomUUID } from 'node:crypto';
import { asList, asObject } from '../../http/call.ts';
import type { ActionReply, Cloud, JsonObject, Resource, ResourceType } from '../../arm/model.ts';
import { newKey, nonEmptyText } from '../resourceHelpers.ts';
import { dependencyFindings } from './workspaceDiagnosis.ts';
import { provisionNetwork } from './managedNetwork/provisionNetwork.ts';
import { outboundEndpoints } from './outboundEndpoints.ts';

/** A dependency of the workspace, by the member of its properties. */
const dependencyOf = (cloud: Cloud, workspace: Resource, member: string): Resource | undefined =>
  cloud.find(nonEmptyText(workspace.properties[member]) ?? '');

const storageKeyOf = (cloud: Cloud, workspace: Resource) =>
  asObject(asList(dependencyOf(cloud, workspace, 'storageAccount')?.secrets?.['keys'])[0])['value'] ?? null;

function listKeys(cloud: Cloud, workspace: Resource): ActionReply {
  const registry = dependencyOf(cloud, workspace, 'containerRegistry');
  const admin = registry?.properties['adminUserEnabled'] === true;
  const insights = dependencyOf(cloud, workspace, 'applicationInsights');
  return {
    status: 200,
    body: {
      userStorageKey: storageKeyOf(cloud, workspace),
      userStorageResourceId: workspace.properties['storageAccount'] ?? null,
      appInsightsInstrumentationKey: insights?.properties['InstrumentationKey'] ?? null,
      ...(admin && {
        containerRegistryCredentials: {
          location: registry.location ?? null,
          username: registry.name,
          passwords: [{ name: 'password', value: registry.secrets?.['password'] ?? null }],
        },
      }),
      notebookAccessKeys: { primaryAccessKey: workspace.secrets?.['notebookKey'] ?? null },
    },
  };
}

function start(cloud: Cloud, workspace: Resource, result?: JsonObject): ActionReply {
  const operation = cloud.startOperation({
    kind: 'action',
    resourceId: workspace.id,
    location: workspace.location ?? '',
    durationKey: 'workspace.action',
    ...(result ? { result } : {}),
  });
  return { status: 202, operation };
}

function listNotebookKeys(_cloud: Cloud, workspace: Resource): ActionReply {
  const primaryAccessKey = workspace.secrets?.['notebookKey'] ?? null;
  return { status: 200, body: { primaryAccessKey, secondaryAccessKey: primaryAccessKey } };
}

/** A token of the notebook service, valid for eight hours (azure-rest-api-specs: Workspace/listNotebookAccessToken). */
function listNotebookAccessToken(_cloud: Cloud, workspace: Resource): ActionReply {
  const notebook = asObject(workspace.properties['notebookInfo']);
  return {
    status: 200,
    body: {
      notebookResourceId: notebook['resourceId'] ?? null,
      hostName: notebook['fqdn'] ?? null,
      publicDns: notebook['fqdn'] ?? null,
      accessToken: newKey(),
      tokenType: 'Bearer',
      expiresIn: 28_800,
      refreshToken: randomUUID(),
      scope: 'aznb_identity',
    },
  };
}

/** POST and GET actions on a workspace, by lower-case name. */
export const workspaceActions: NonNullable<ResourceType['actions']> = {
  listkeys: listKeys,
  // Up to 2020-08-01 it had no long-running operation (azure-rest-api-specs: Workspaces_ResyncKeys).
  resynckeys: (cloud, workspace, { apiVersion }) => (apiVersion < '2021' ? { status: 200 } : start(cloud, workspace)),
  diagnose: (cloud, workspace) => start(cloud, workspace, { value: dependencyFindings(cloud, workspace) }),
  preparenotebook: (cloud, workspace) =>
    start(cloud, workspace, { ...asObject(workspace.properties['notebookInfo']), isPrivateLinkEnabled: false }),
  provisionmanagednetwork: provisionNetwork,
  listnotebookkeys: listNotebookKeys,
  listnotebookaccesstoken: listNotebookAccessToken,
  liststorageaccountkeys: (cloud, workspace) => ({
    status: 200,
    body: { userStorageKey: storageKeyOf(cloud, workspace) },
  }),
  outboundnetworkdependenciesendpoints: (cloud, workspace) => ({
    status: 200,
    body: { value: outboundEndpoints(cloud, workspace) },
  }),
};
