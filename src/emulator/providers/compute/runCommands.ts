import { asList, asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { Draft, Instant, Json, JsonObject, PutRequest, Resource, ResourceType, Cloud } from '../../arm/model.ts';
import { extensionsNeedRunning, requireRunning } from './powerState.ts';
import { longestWork, outputTail } from './scriptLimits.ts';
import { ancestorId, nonEmptyText, trackedMembers, printable } from '../resourceHelpers.ts';

/** A managed run command may run for so long when it names no time (Azure docs: managed run command). */
const defaultTimeoutSeconds = 5400;

/** The result of a script, stored as cloud object `run:{id}`; part of replies from `endsAt` on. */
type Run = {
  startedAt: Instant;
  endsAt: Instant;
  state: string;
  exitCode: number;
  output: string;
  error: string;
};

const keyOf = (command: Resource): string => `run:${command.id.toLowerCase()}`;

function prepare(cloud: Cloud, request: PutRequest): Draft {
  const vm = cloud.find(ancestorId(request.id, 1));
  const state = vm && cloud.provisioningState(vm);
  if (vm === undefined || (state !== 'Succeeded' && state !== 'Updating')) {
    const message = `Run command '${request.name}' needs its virtual machine in state Succeeded; it is ${state ?? 'absent'}.`;
    throw new ArmError(409, 'OperationNotAllowed', message);
  }
  requireRunning(cloud, vm, extensionsNeedRunning);
  const { protectedParameters: _, runAsPassword: __, ...kept } = asObject(request.body['properties']);
  const source = asObject(kept['source']);
  if (nonEmptyText(source['script']) === undefined) {
    if (source['scriptUri'] !== undefined || source['commandId'] !== undefined) {
      throw new ArmError(501, 'NotEmulated', `Run command '${request.name}': only source.script is emulated.`);
    }
    throw new ArmError(400, 'InvalidParameter', "Required parameter 'source' is missing (null).");
  }
  const timeout = kept['timeoutInSeconds'] ?? defaultTimeoutSeconds;
  if (typeof timeout !== 'number' || timeout < 1) {
    throw new ArmError(400, 'InvalidParameter', 'The value of parameter timeoutInSeconds is invalid.');
  }
  return {
    ...trackedMembers(request),
    properties: { asyncExecution: false, treatFailureAsDeploymentFailure: false, ...kept, timeoutInSeconds: timeout },
  };
}

/** Runs the whole script at once in virtual time. A second PUT of the command runs it a second time. */
async function run(cloud: Cloud, command: Resource, request: PutRequest): Promise<void> {
  const vm = cloud.find(ancestorId(command.id, 1));
  const operation = command.operation;
  cloud.objects.delete(keyOf(command));
  if (vm === undefined || operation === undefined || operation.error !== undefined) return;
  const stuck = operation.endsAt === null;
  const startedAt = cloud.now();
  const timeoutSeconds = Number(command.properties['timeoutInSeconds']);
  // Until it is known how long the script takes. An instant and not null: should the process die now, the operation still ends.
  if (!stuck) operation.endsAt = startedAt + longestWork;
  const asked = asObject(request.body['properties']);
  // The shell is loaded when the first script is run: it is a third of what the emulator would load at its start.
  const { runScript } = await import('../../jumpbox/scriptRunner.ts');
  const { state, exitCode, output, error, elapsedSeconds } = await runScript(cloud, vm, {
    script: printable(asObject(asked['source'])['script']),
    parameters: [...parametersOf(asked['parameters']), ...parametersOf(asked['protectedParameters'])],
    timeoutSeconds,
  });
  const minimum = cloud.duration('runCommand.minimum');
  const endsAt = startedAt + Math.max(minimum, elapsedSeconds * 1000 * cloud.timeScale);
  const record: Run = { startedAt, endsAt, state, exitCode, output: outputTail(output), error: outputTail(error) };
  cloud.objects.put(keyOf(command), record);
  // Asynchronous execution: the operation is over when the script has started.
  const started = command.properties['asyncExecution'] === true;
  if (!stuck) operation.endsAt = started ? startedAt + minimum : endsAt;
}

function parametersOf(value: Json | undefined): { name: string; value: string }[] {
  return asList(value)
    .map(asObject)
    .map((parameter) => ({ name: printable(parameter['name']), value: printable(parameter['value'] ?? '') }));
}

function instanceView(cloud: Cloud, command: Resource): JsonObject {
  const record = cloud.objects.get(keyOf(command)) as Run | undefined;
  if (record === undefined) {
    const state = command.operation?.settled === false ? 'Pending' : 'Failed';
    return { executionState: state, executionMessage: '', exitCode: 0, output: '', error: '' };
  }
  const startTime = new Date(record.startedAt).toISOString();
  // an agent that hangs reports nothing, whatever its script does
  const hangs = command.operation?.settled === false && command.operation.endsAt === null;
  if (hangs || cloud.now() < record.endsAt) {
    return { executionState: 'Running', executionMessage: '', exitCode: 0, output: '', error: '', startTime };
  }
  // The agent reports late (object `runCommandUnknownSeconds`): nothing is known of the script until then.
  const late = Number(cloud.objects.get('runCommandUnknownSeconds') ?? 0) * 1000 * cloud.timeScale;
  if (cloud.now() < record.endsAt + late) {
    return { executionState: 'Unknown', executionMessage: '', exitCode: 0, output: '', error: '' };
  }
  return {
    executionState: record.state,
    executionMessage: record.state === 'Succeeded' ? 'RunCommand script execution completed' : '',
    exitCode: record.exitCode,
    output: record.output,
    error: record.error,
    startTime,
    endTime: new Date(record.endsAt).toISOString(),
  };
}

/** Managed run commands. The operation reports that a script was started or has ended; its result is in the instance view. */
export const runCommand: ResourceType = {
  type: 'Microsoft.Compute/virtualMachines/runCommands',
  style: 'compute',
  duration: { put: 'runCommand.minimum' },
  prepare,
  onAccepted: run,
  toArm: (cloud, command, query) =>
    query['$expand']?.toLowerCase() === 'instanceview'
      ? { properties: { ...command.properties, instanceView: instanceView(cloud, command) } }
      : {},
  completionError(cloud, command) {
    const record = cloud.objects.get(keyOf(command)) as Run | undefined;
    const counts = command.properties['treatFailureAsDeploymentFailure'] === true;
    if (!counts || record?.state === 'Succeeded') return undefined;
    return {
      code: 'VMExtensionProvisioningError',
      message: `Run command '${command.name}' ended ${record?.state ?? 'Failed'} with exit code ${record?.exitCode ?? 1}.`,
    };
  },
  onDeleted: (cloud, command) => cloud.objects.delete(keyOf(command)),
};
