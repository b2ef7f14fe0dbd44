import type { Cloud, Instant, Resource } from '../arm/model.ts';
import { objectOf, sameId, textAt } from './jsonPath.ts';

/** Whom a token speaks for. */
export interface Principal {
  clientId: string;
  /** object id, which role assignments name */
  principalId: string;
  /** the roles effective at this instant are all that the token carries; absent: those effective when it is used */
  rolesAt?: Instant;
  /** the service that the token is for; absent: Azure Resource Manager */
  resource?: string;
}

/** The resource of tokens for Azure Machine Learning. */
export const machineLearningResource = 'https://ml.azure.com';

const prefix = 'emulated-token.';

/**
 * Some services have been seen to refuse a token from before a role's grant for as long as it was valid
 * (hashicorp/terraform-provider-azurerm#23927). With the object `tokenCacheMinutes`, a token carries the roles of its issue, and the metadata
 * service returns the same one for so many minutes of Azure; 0: a new one at each sign-in.
 */
function rolesAt(cloud: Cloud, vm: Resource, clientId: string, at: Instant): { rolesAt?: Instant } {
  const minutes = cloud.objects.get('tokenCacheMinutes');
  if (typeof minutes !== 'number') return {};
  const key = `tokenIssuedAt:${vm.id.toLowerCase()}:${clientId}`;
  const issuedAt = cloud.objects.get(key);
  if (typeof issuedAt === 'number' && at < issuedAt + minutes * 60_000 * cloud.timeScale) return { rolesAt: issuedAt };
  cloud.objects.put(key, at);
  return { rolesAt: at };
}

/**
 * A token of the instance metadata service for a virtual machine's user-assigned identity; undefined when the machine
 * has no identity of that client id. `resource`: the service that the token is for; default: Azure Resource Manager.
 */
export function managedIdentityToken(
  cloud: Cloud,
  vm: Resource,
  clientId: string,
  at: Instant,
  resource?: string,
): string | undefined {
  const assigned = Object.keys(objectOf(vm.identity?.['userAssignedIdentities']) ?? {});
  const identity = cloud
    .ofType('Microsoft.ManagedIdentity/userAssignedIdentities')
    .find(
      (identity) =>
        assigned.some((id) => sameId(id, identity.id)) && textAt(identity.properties, 'clientId') === clientId,
    );
  if (!identity) return undefined;
  const principalId = textAt(identity.properties, 'principalId');
  const principal: Principal = {
    clientId,
    principalId,
    ...rolesAt(cloud, vm, clientId, at),
    ...(resource !== undefined && { resource }),
  };
  return prefix + Buffer.from(JSON.stringify(principal)).toString('base64url');
}

/** The principal of a token of the emulated cloud; undefined for an invalid token. */
export function principalOf(token: string | undefined): Principal | undefined {
  if (!token?.startsWith(prefix)) return undefined;
  return JSON.parse(Buffer.from(token.slice(prefix.length), 'base64url').toString()) as Principal;
}
