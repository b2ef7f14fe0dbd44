import type { Cloud, JsonObject, Resource } from '../../arm/model.ts';
import { nonEmptyText } from '../resourceHelpers.ts';

/** Where the findings about a dependency are in the result (azure-rest-api-specs: Workspace/diagnose). */
const dependencies = {
  storageAccount: 'storageAccountResults',
  keyVault: 'keyVaultResults',
  containerRegistry: 'containerRegistryResults',
  applicationInsights: 'applicationInsightsResults',
};

function locksOn(cloud: Cloud, workspace: Resource): JsonObject[] {
  return cloud
    .ofType('Microsoft.Authorization/locks')
    .filter((lock) => {
      const [scope = ''] = lock.id.split(/\/providers\/Microsoft\.Authorization\/locks\//i);
      return `${workspace.id.toLowerCase()}/`.startsWith(`${scope.toLowerCase()}/`);
    })
    .map((lock) => ({
      code: 'WorkspaceResourceLocked',
      level: 'Warning',
      message: `The workspace is subject to the lock '${lock.id}'.`,
    }));
}

/**
 * What a diagnosis of a workspace finds: dependencies that no longer exist, and locks. Codes and texts of findings are assumed; no public
 * document lists them. Network and DNS are not diagnosed: their lists are empty.
 */
export function dependencyFindings(cloud: Cloud, workspace: Resource): JsonObject {
  const findings: JsonObject = {
    userDefinedRouteResults: [],
    networkSecurityRuleResults: [],
    resourceLockResults: locksOn(cloud, workspace),
    dnsResolutionResults: [],
    otherResults: [],
  };
  for (const [member, results] of Object.entries(dependencies)) {
    const id = nonEmptyText(workspace.properties[member]);
    const message = `The ${member} '${id}' of the workspace was not found.`;
    const missing = id !== undefined && !cloud.find(id);
    findings[results] = missing ? [{ code: 'ResourceNotFound', level: 'Error', message }] : [];
  }
  return findings;
}
