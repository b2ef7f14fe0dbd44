import { notEmulated } from '../../arm/armErrors.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, ActionRequest, Cloud, Resource, ResourceType } from '../../arm/model.ts';

type Rest = 'running' | 'stopped' | 'deallocated';
export type PowerState = Rest | 'starting' | 'stopping' | 'deallocating';

/** The last change of a machine's power state, stored as cloud object `power:{id}`; without one it has run since its creation. */
type Change = { from: Rest; to: Rest; operationId: string };

const keyOf = (vm: Resource): string => `power:${vm.id.toLowerCase()}`;
const onTheWay: Record<Rest, PowerState> = {
  running: 'starting',
  stopped: 'stopping',
  deallocated: 'deallocating',
};

/** What a created machine is doing now, by the names of its instance view (`PowerState/running`). */
export function powerStateOf(cloud: Cloud, vm: Resource): PowerState {
  const change = cloud.objects.get(keyOf(vm)) as Change | undefined;
  if (change === undefined) return 'running';
  const { operation } = vm;
  if (operation?.id !== change.operationId) return change.to;
  if (!operation.settled) return change.from === change.to ? change.to : onTheWay[change.to];
  return operation.outcome === 'Succeeded' ? change.to : change.from;
}

/** The machine is deleted. */
export const removePowerState = (cloud: Cloud, vm: Resource): void => cloud.objects.delete(keyOf(vm));

/**
 * Code and texts: MicrosoftDocs/azure-docs#32404.
 * @throws ArmError 409 OperationNotAllowed while the machine does not run
 */
export function requireRunning(cloud: Cloud, vm: Resource, message = notRunning): void {
  if (powerStateOf(cloud, vm) !== 'running') throw new ArmError(409, 'OperationNotAllowed', message);
}

const notRunning = 'The operation requires the VM to be running (or set to run).';

/** The text of a managed run command or extension (hashicorp/terraform-provider-azurerm#6098). */
export const extensionsNeedRunning = 'Cannot modify extensions in the VM when the VM is not running.';

interface Transition {
  durationKey: string;
  /** the state afterwards */
  to(from: Rest): Rest;
  needsRunning?: boolean;
}

const keep = (from: Rest): Rest => from;
const transitions: Record<string, Transition> = {
  start: { durationKey: 'virtualMachine.start', to: () => 'running' },
  // Only deallocation releases a machine; one that is deallocated stays so.
  poweroff: {
    durationKey: 'virtualMachine.powerOff',
    to: (from) => (from === 'deallocated' ? from : 'stopped'),
  },
  deallocate: { durationKey: 'virtualMachine.deallocate', to: () => 'deallocated' },
  restart: { durationKey: 'virtualMachine.restart', to: keep, needsRunning: true },
  redeploy: { durationKey: 'virtualMachine.put', to: keep },
  reapply: { durationKey: 'virtualMachine.restart', to: keep },
};

/** @throws ArmError 409 while the machine is being changed or deleted */
function requireIdle(cloud: Cloud, vm: Resource, verb: string): void {
  const running = cloud.running(vm);
  if (running === undefined) return;
  const deleting = `Operation '${verb}' is not allowed on VM '${vm.name}' since the VM is marked for deletion. You can only retry the Delete operation (or wait for an ongoing one to complete).`;
  if (running.kind === 'delete') throw new ArmError(409, 'OperationNotAllowed', deleting);
  const busy = `Another operation on '${vm.id}' is in progress. Please wait for it to complete.`;
  throw new ArmError(409, 'Conflict', busy);
}

function change(cloud: Cloud, vm: Resource, { action, method }: ActionRequest): ActionReply {
  const transition = transitions[action];
  if (method !== 'POST' || transition === undefined) throw notEmulated(method, `on ${action}`);
  requireIdle(cloud, vm, action);
  if (transition.needsRunning) requireRunning(cloud, vm);
  // Idle, so it is in one of the states that last.
  const from = powerStateOf(cloud, vm) as Rest;
  const { durationKey } = transition;
  // A change of the machine and not only an action: it is `Updating` meanwhile.
  const operation = cloud.startOperation({
    kind: 'update',
    resourceId: vm.id,
    location: vm.location ?? '',
    durationKey,
  });
  const to = operation.error ? from : transition.to(from);
  const record: Change = { from, to, operationId: operation.id };
  cloud.objects.put(keyOf(vm), record);
  return { status: 202, operation };
}

/** Start, stop and their like, by lower-case name. */
export const powerActions: NonNullable<ResourceType['actions']> = Object.fromEntries(
  Object.keys(transitions).map((action) => [action, change]),
);
