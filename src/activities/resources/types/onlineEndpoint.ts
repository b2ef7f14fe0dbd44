import type { OnlineEndpoint } from '../../../azure/clients.ts';
import type { Spec } from '../../../domain/environment.ts';
import { armAccess, openResources } from '../../../domain/isolationSpec.ts';
import { resourceName } from '../../../domain/resources.ts';
import { defineResourceType } from '../resourceType.ts';

/** The modes of authentication, as ARM spells them. */
const authModes = { key: 'Key', amlToken: 'AMLToken', aadToken: 'AADToken' } as const satisfies Record<
  Spec['authMode'],
  string
>;

/** Throws RangeError for a mode that ARM does not document. */
export function authModeOf(text: string): Spec['authMode'] {
  const found = Object.entries(authModes).find(([, mode]) => mode.toLowerCase() === text.toLowerCase());
  if (!found) throw new RangeError(`unknown mode of authentication: ${text}`);
  return found[0] as Spec['authMode'];
}

export const onlineEndpoint = defineResourceType<OnlineEndpoint>({
  type: 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints',
  get: ({ clients, group, names }) => clients.machineLearning.onlineEndpoints.get(group, names[0]!, names[1]!),
  delete: ({ clients, group, names }) =>
    clients.machineLearning.onlineEndpoints.beginDelete(group, names[0]!, names[1]!),
  put: {
    send: ({ clients, group, names }, body) =>
      clients.machineLearning.onlineEndpoints.beginCreateOrUpdate(group, names[0]!, names[1]!, body),
    body: ({ ref, options, actual }) => {
      const traffic =
        options.traffic === undefined
          ? (actual as OnlineEndpoint | undefined)?.properties.traffic
          : { [resourceName(ref, 'deployment')]: options.traffic };
      return {
        location: ref.location,
        kind: 'Managed',
        identity: { type: 'SystemAssigned' },
        properties: {
          authMode: authModes[options.authMode ?? 'key'],
          publicNetworkAccess: armAccess(openResources(options).onlineEndpoint).publicNetworkAccess,
          ...(traffic ? { traffic } : {}),
        },
      };
    },
  },
  recreateWhenFailed: true,
});
