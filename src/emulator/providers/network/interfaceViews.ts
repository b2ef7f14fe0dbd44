import { asList, asObject, textOf } from '../../http/call.ts';
import { nameOf, parentIdOf } from '../../arm/ids.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, Json, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { notEmulated } from '../../arm/armErrors.ts';
import { toArm } from '../../arm/toArm.ts';
import { powerStateOf } from '../compute/powerState.ts';
import { effectiveGroups } from './effectiveSecurity.ts';
import { effectiveRoutes } from './effectiveRoutes.ts';

interface Place {
  subnet: Resource;
  network: Resource;
  /** the address spaces of the network */
  spaces: string[];
}

/** Azure answers for the interface of a running machine only; its error code was not found. */
function placeOf(cloud: Cloud, nic: Resource): Place {
  const machine = cloud.find(textOf(asObject(nic.properties['virtualMachine'])['id']));
  if (!machine || powerStateOf(cloud, machine) !== 'running')
    throw new ArmError(
      400,
      'NetworkInterfaceNotAttachedToVirtualMachine',
      `Network interface ${nic.id} must be attached to a running virtual machine.`,
    );
  const first = asObject(asObject(asList(nic.properties['ipConfigurations'])[0])['properties']);
  const subnet = cloud.find(textOf(asObject(first['subnet'])['id']));
  const network = subnet && cloud.find(parentIdOf(subnet.id));
  if (!network) throw new Error(`${nic.id} is in no network`);
  const spaces = asList(asObject(network.properties['addressSpace'])['addressPrefixes']).map(textOf);
  return { subnet, network, spaces };
}

/** The answer to a question about an interface, which Azure takes some seconds for. */
function computed(cloud: Cloud, nic: Resource, value: Json[]): ActionReply {
  const { id: resourceId, location = '' } = nic;
  const begun = { kind: 'action', resourceId, location, durationKey: 'networkInterface.effective' } as const;
  return { status: 202, operation: cloud.startOperation({ ...begun, result: { value } }) };
}

/** `effectiveNetworkSecurityGroups` and `effectiveRouteTable`. */
export const interfaceActions: NonNullable<ResourceType['actions']> = {
  effectivenetworksecuritygroups: (cloud, nic, { method }) => {
    if (method !== 'POST') throw notEmulated(method, 'effectiveNetworkSecurityGroups');
    const { subnet, spaces } = placeOf(cloud, nic);
    return computed(cloud, nic, effectiveGroups(cloud, nic, subnet, spaces));
  },
  effectiveroutetable: (cloud, nic, { method }) => {
    if (method !== 'POST') throw notEmulated(method, 'effectiveRouteTable');
    const { network, spaces } = placeOf(cloud, nic);
    return computed(cloud, nic, effectiveRoutes(cloud, network, spaces));
  },
};

/** The IP configurations of an interface; they are changed with it. */
export function ipConfigurationType(networkInterface: ResourceType): ResourceType {
  const type = `${networkInterface.type}/ipConfigurations`;
  const rowsOf = (cloud: Cloud, nicId: string): Json[] => {
    const nic = cloud.find(nicId);
    return nic ? asList(asObject(toArm(cloud, networkInterface, nic, {})['properties'])['ipConfigurations']) : [];
  };
  return {
    type,
    style: 'network',
    duration: {},
    proxy: true,
    prepare: () => {
      throw notEmulated('PUT', `on ${type}`);
    },
    list: (cloud, nicId) => rowsOf(cloud, nicId).map(asObject),
    findBuiltIn(cloud, id): Resource | undefined {
      const found = rowsOf(cloud, parentIdOf(id))
        .map(asObject)
        .find(({ name }) => textOf(name).toLowerCase() === nameOf(id).toLowerCase());
      if (!found) return undefined;
      return {
        id: textOf(found['id']),
        type,
        name: textOf(found['name']),
        createdAt: 0,
        properties: asObject(found['properties']),
      };
    },
  };
}
