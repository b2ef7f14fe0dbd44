import type { Azure } from '../../azure/connectAzure.ts';
import { ignoreNotFound } from './ignoreNotFound.ts';
import { resourceHandle } from './resourceType.ts';
import { resourceTypeOf } from './resourceTypes.ts';

/** A private endpoint connection, as its target has it. */
export interface Connection {
  id: string;
  /** of the private endpoint, which may lie in a subscription of Azure's */
  endpointId: string;
  status: string;
  description: string;
}

interface ConnectionMembers {
  privateEndpoint?: { id?: string };
  privateLinkServiceConnectionState?: { status?: string; description?: string };
}

/** The member of a resource that has its connections, with or without `properties` between, as the SDKs return them. */
export interface Connected {
  privateEndpointConnections?: (ConnectionMembers & { id?: string; properties?: ConnectionMembers })[];
}

/** The connections of a resource that was read. */
export const connectionsOf = ({ privateEndpointConnections = [] }: Connected): Connection[] =>
  privateEndpointConnections.map((raw) => {
    const { privateEndpoint, privateLinkServiceConnectionState: state } = { ...raw, ...raw.properties };
    return {
      id: raw.id ?? '',
      endpointId: privateEndpoint?.id ?? '',
      status: state?.status ?? 'unknown',
      description: state?.description ?? '',
    };
  });

/** The connections to a resource; none where it does not exist. */
export async function connectionsTo(azure: Azure, id: string): Promise<Connection[]> {
  const found = await ignoreNotFound<Connected & { properties?: Connected }>(
    azure,
    resourceTypeOf(id).get(resourceHandle(azure, id)),
  );
  return found ? connectionsOf({ ...found, ...found.properties }) : [];
}
