import type { Cloud, Instant, Resource } from '../arm/model.ts';
import { isAuthorized } from './authorization.ts';
import { isEndpointToken } from './endpointTokens.ts';
import { textAt } from './jsonPath.ts';
import { machineLearningResource, principalOf } from './managedIdentityTokens.ts';

/** To score with a token of Microsoft Entra ID (Azure docs: authenticate clients for online endpoints). */
const score = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action';

/** The token of the caller that the emulator takes for the owner of its subscriptions. */
const ownerToken = 'emulator';

/** A token for Azure Machine Learning whose principal has the role to score; another audience is refused. */
function mayScore(cloud: Cloud, endpoint: Resource, token: string, at: Instant): boolean {
  if (token === ownerToken) return true;
  const principal = principalOf(token);
  return (
    principal?.resource === machineLearningResource &&
    isAuthorized(cloud, { principal, scope: endpoint.id, action: score, at })
  );
}

/** Whether a credential is one of the endpoint's mode of authentication: those of other modes are refused. */
export function isAuthenticated(cloud: Cloud, endpoint: Resource, token: string | undefined, at: Instant): boolean {
  if (token === undefined) return false;
  switch (endpoint.properties['authMode']) {
    case 'AMLToken':
      return isEndpointToken(endpoint, token, at);
    case 'AADToken':
      return mayScore(cloud, endpoint, token, at);
    default:
      return [textAt(endpoint.secrets, 'primaryKey'), textAt(endpoint.secrets, 'secondaryKey')].includes(token);
  }
}
