import { asObject } from '../../http/call.ts';
import type { Cloud, JsonObject, Resource } from '../../arm/model.ts';
import { powerStateOf } from './powerState.ts';

/** What the platform knows of a running or stopped machine. */
export function instanceView(cloud: Cloud, vm: Resource): JsonObject {
  const state = cloud.provisioningState(vm);
  const time = new Date(vm.operation?.endsAt ?? cloud.now()).toISOString();
  // A machine whose change has failed is still there; one whose creation has failed has no power state.
  const created = state === 'Succeeded' || vm.operation?.kind === 'update';
  const power = powerStateOf(cloud, vm);
  const status = (code: string, displayStatus: string): JsonObject => ({ code, level: 'Info', displayStatus, time });
  const ready = created && power === 'running';
  return {
    computerName: asObject(vm.properties['osProfile'])['computerName'] ?? vm.name,
    osName: 'ubuntu',
    hyperVGeneration: 'V2',
    vmAgent: {
      vmAgentVersion: ready ? '2.13.1.1' : 'Unknown',
      statuses: [
        ready ? status('ProvisioningState/succeeded', 'Ready') : status('ProvisioningState/Unavailable', 'Not Ready'),
      ],
    },
    statuses: [
      status(`ProvisioningState/${state.toLowerCase()}`, `Provisioning ${state.toLowerCase()}`),
      ...(created ? [status(`PowerState/${power}`, `VM ${power}`)] : []),
    ],
  };
}
