import { asList, asObject } from '../../http/call.ts';
import { runScript } from '../../jumpbox/scriptRunner.ts';
import { ArmFault } from '../../arm/model.ts';
import type { Draft, Instant, Json, JsonObject, PutRequest, Resource, ResourceType, World } from '../../arm/model.ts';
import { ancestorId, filledText, trackedMembers, wordOf } from '../resourceHelpers.ts';

/** Only the end of what a script has written comes back (Azure docs: run command). */
const tailBytes = 4096;

/** A managed run command may run for so long when it names no time (Azure docs: managed run command). */
const defaultTimeoutSeconds = 5400;

/** Milliseconds of the machine's own time that working out a script may take, whatever its virtual time. */
const longestWork = 60_000;

/** How a script went. Kept as world object `run:{id}`; told from `endsAt` on. */
type Run = {
  startedAt: Instant;
  endsAt: Instant;
  state: string;
  exitCode: number;
  output: string;
  error: string;
};

const keyOf = (command: Resource): string => `run:${command.id.toLowerCase()}`;

function prepare(world: World, request: PutRequest): Draft {
  const vm = world.find(ancestorId(request.id, 1));
  const state = vm && world.provisioningState(vm);
  if (state !== 'Succeeded' && state !== 'Updating') {
    const message = `Run command '${request.name}' needs its virtual machine in state Succeeded; it is ${state ?? 'absent'}.`;
    throw new ArmFault(409, 'OperationNotAllowed', message);
  }
  const { protectedParameters: _, runAsPassword: __, ...kept } = asObject(request.body['properties']);
  const source = asObject(kept['source']);
  if (filledText(source['script']) === undefined) {
    if (source['scriptUri'] !== undefined || source['commandId'] !== undefined) {
      throw new ArmFault(501, 'EmulatorDoesNotKnow', `Run command '${request.name}': only source.script is emulated.`);
    }
    throw new ArmFault(400, 'InvalidParameter', "Required parameter 'source' is missing (null).");
  }
  const timeout = kept['timeoutInSeconds'] ?? defaultTimeoutSeconds;
  if (typeof timeout !== 'number' || timeout < 1) {
    throw new ArmFault(400, 'InvalidParameter', 'The value of parameter timeoutInSeconds is invalid.');
  }
  return {
    ...trackedMembers(request),
    properties: { asyncExecution: false, treatFailureAsDeploymentFailure: false, ...kept, timeoutInSeconds: timeout },
  };
}

/** Runs the whole script at once in virtual time; a command that is put again runs again. */
async function run(world: World, command: Resource, request: PutRequest): Promise<void> {
  const vm = world.find(ancestorId(command.id, 1));
  const operation = command.operation;
  world.objects.delete(keyOf(command));
  if (vm === undefined || operation === undefined || operation.error !== undefined) return;
  const stuck = operation.endsAt === null;
  const startedAt = world.now();
  const timeoutSeconds = Number(command.properties['timeoutInSeconds']);
  // Until it is known how long the script takes. An instant and not null: should the process die now, the operation still ends.
  if (!stuck) operation.endsAt = startedAt + longestWork;
  const asked = asObject(request.body['properties']);
  const { state, exitCode, output, error, elapsedSeconds } = await runScript(world, vm, {
    script: wordOf(asObject(asked['source'])['script']),
    parameters: [...parametersOf(asked['parameters']), ...parametersOf(asked['protectedParameters'])],
    timeoutSeconds,
  });
  const minimum = world.duration('runCommand.minimum');
  const endsAt = startedAt + Math.max(minimum, elapsedSeconds * 1000 * world.timeScale);
  const record: Run = { startedAt, endsAt, state, exitCode, output: tail(output), error: tail(error) };
  world.objects.put(keyOf(command), record);
  // Asynchronous execution: the operation is over when the script has started.
  const started = command.properties['asyncExecution'] === true;
  if (!stuck) operation.endsAt = started ? startedAt + minimum : endsAt;
}

function parametersOf(value: Json | undefined): { name: string; value: string }[] {
  return asList(value)
    .map(asObject)
    .map((parameter) => ({ name: wordOf(parameter['name']), value: wordOf(parameter['value'] ?? '') }));
}

function tail(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= tailBytes ? text : bytes.subarray(-tailBytes).toString();
}

function instanceView(world: World, command: Resource): JsonObject {
  const record = world.objects.get(keyOf(command)) as Run | undefined;
  if (record === undefined) {
    const state = command.operation?.settled === false ? 'Pending' : 'Failed';
    return { executionState: state, executionMessage: '', exitCode: 0, output: '', error: '' };
  }
  const startTime = new Date(record.startedAt).toISOString();
  if (world.now() < record.endsAt) {
    return { executionState: 'Running', executionMessage: '', exitCode: 0, output: '', error: '', startTime };
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

/** Managed run commands. Their operation says that a script was started or has ended; how it went is in the instance view. */
export const runCommand: ResourceType = {
  type: 'Microsoft.Compute/virtualMachines/runCommands',
  style: 'compute',
  duration: { put: 'runCommand.minimum' },
  prepare,
  begun: run,
  present: (world, command, query) =>
    query['$expand']?.toLowerCase() === 'instanceview'
      ? { properties: { ...command.properties, instanceView: instanceView(world, command) } }
      : {},
  outcome(world, command) {
    const record = world.objects.get(keyOf(command)) as Run | undefined;
    const counts = command.properties['treatFailureAsDeploymentFailure'] === true;
    if (!counts || record?.state === 'Succeeded') return undefined;
    return {
      code: 'VMExtensionProvisioningError',
      message: `Run command '${command.name}' ended ${record?.state ?? 'Failed'} with exit code ${record?.exitCode ?? 1}.`,
    };
  },
  deleted: (world, command) => world.objects.delete(keyOf(command)),
};
