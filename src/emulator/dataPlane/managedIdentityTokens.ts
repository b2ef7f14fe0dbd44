import type { Resource, Cloud } from '../arm/model.ts';
import { objectOf, sameId, textAt } from './jsonPath.ts';

/** Whom a token speaks for. */
export interface Principal {
  clientId: string;
  /** object id, which role assignments name */
  principalId: string;
}

const prefix = 'emulated-token.';

/**
 * A token of the instance metadata service for a virtual machine's user-assigned identity; undefined when the machine
 * has no identity of that client id.
 */
export function managedIdentityToken(cloud: Cloud, vm: Resource, clientId: string): string | undefined {
  const assigned = Object.keys(objectOf(vm.identity?.['userAssignedIdentities']) ?? {});
  const identity = cloud
    .ofType('Microsoft.ManagedIdentity/userAssignedIdentities')
    .find(
      (identity) =>
        assigned.some((id) => sameId(id, identity.id)) && textAt(identity.properties, 'clientId') === clientId,
    );
  if (!identity) return undefined;
  const principal: Principal = { clientId, principalId: textAt(identity.properties, 'principalId') };
  return prefix + Buffer.from(JSON.stringify(principal)).toString('base64url');
}

/** The principal of a token of the emulated cloud; undefined for an invalid token. */
export function principalOf(token: string | undefined): Principal | undefined {
  if (!token?.startsWith(prefix)) return undefined;
  return JSON.parse(Buffer.from(token.slice(prefix.length), 'base64url').toString()) as Principal;
}
