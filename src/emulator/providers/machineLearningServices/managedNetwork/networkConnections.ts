import { asObject, textOf } from '../../../http/call.ts';
import { guidOf } from '../../../http/signIn.ts';
import { sameId } from '../../../arm/ids.ts';
import type { Cloud, JsonObject, Resource } from '../../../arm/model.ts';
import { isActive, outboundRuleType } from './networkState.ts';

/** A private endpoint that the service holds in a subscription of its own. */
export interface ManagedEndpoint {
  targetId: string;
  name: string;
  endpointId: string;
}

const leftoverPrefix = 'managedConnection:';

function endpointOf({ id, name, properties }: Resource): ManagedEndpoint {
  const group = `/subscriptions/${guidOf('subscription of the machine learning service')}/resourceGroups/commonHoboRG28`;
  const suffix = guidOf(id.toLowerCase());
  return {
    targetId: textOf(asObject(properties['destination'])['serviceResourceId']),
    name: `${name}.${suffix}`,
    endpointId: `${group}/providers/Microsoft.Network/privateEndpoints/${name}`,
  };
}

/** The private endpoints of managed networks that are connected to a resource. One leaves some time after its rule or workspace. */
export function managedEndpoints(cloud: Cloud, targetId: string): ManagedEndpoint[] {
  const rules = cloud
    .ofType(outboundRuleType)
    .filter(({ properties }) => properties['type'] === 'PrivateEndpoint')
    .filter((rule) => isActive(cloud, rule))
    .map(endpointOf);
  return [...rules, ...leftovers(cloud)].filter((one) => sameId(one.targetId, targetId));
}

function leftovers(cloud: Cloud): ManagedEndpoint[] {
  return cloud.objects
    .keys(leftoverPrefix)
    .map((key) => asObject(cloud.objects.get(key)))
    .filter(({ until }) => Number(until) > cloud.now())
    .map(({ targetId, name, endpointId }: JsonObject) => ({
      targetId: textOf(targetId),
      name: textOf(name),
      endpointId: textOf(endpointId),
    }));
}

/** How long a connection stays: the object `networkDisconnectSeconds`, or the usual time. */
function staysFor(cloud: Cloud): number {
  const seconds = cloud.objects.get('networkDisconnectSeconds');
  return typeof seconds === 'number' ? seconds * 1000 * cloud.timeScale : cloud.duration('managedNetwork.disconnect');
}

/** A rule was deleted, alone or with its workspace: its connection stays for a while. */
export function keepConnection(cloud: Cloud, rule: Resource): void {
  if (rule.properties['type'] !== 'PrivateEndpoint' || rule.properties['status'] !== 'Active') return;
  const until = cloud.now() + staysFor(cloud);
  cloud.objects.put(`${leftoverPrefix}${rule.id.toLowerCase()}`, { ...endpointOf(rule), until });
}
