import { asList, asObject } from '../../http/call.ts';
import { notEmulated } from '../../arm/armErrors.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, ActionRequest, Cloud, JsonObject, Resource } from '../../arm/model.ts';
import { nonEmptyText, printable } from '../resourceHelpers.ts';
import { requireRunning } from './powerState.ts';
import { longestWork, outputTail } from './scriptLimits.ts';

/** A script may run for 90 minutes (Azure docs: action run commands). */
const timeoutSeconds = 5400;

/** Until when a script of this form runs on the machine: cloud object `runShellScript:{id}`. */
const keyOf = (vm: Resource): string => `runShellScript:${vm.id.toLowerCase()}`;

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The script with its parameters: named ones are in the environment, and all of them are positional. */
function scriptOf(body: JsonObject): { script: string; parameters: { name: string; value: string }[] } {
  const parameters = asList(body['parameters'])
    .map(asObject)
    .map(({ name, value }) => ({ name: printable(name ?? ''), value: printable(value ?? '') }));
  const lines = asList(body['script']).map(printable).join('\n');
  const positional = parameters.map(({ value }) => quoted(value)).join(' ');
  return {
    script: positional === '' ? lines : `set -- ${positional}\n${lines}`,
    parameters: parameters.filter(({ name }) => /^[A-Za-z_]\w*$/.test(name)),
  };
}

/** @throws ArmError where the command cannot run now */
function requireReady(cloud: Cloud, vm: Resource, { method, body }: ActionRequest): void {
  if (method !== 'POST') throw notEmulated(method, 'on runCommand');
  const commandId = nonEmptyText(body['commandId']);
  if (commandId === undefined)
    throw new ArmError(400, 'InvalidParameter', "Required parameter 'commandId' is missing (null).");
  if (commandId.toLowerCase() !== 'runshellscript') throw notEmulated('POST', `of run command '${commandId}'`);
  requireRunning(cloud, vm);
  if (Number(cloud.objects.get(keyOf(vm)) ?? 0) <= cloud.now()) return;
  const busy =
    'Run command extension execution is in progress. Please wait for completion before invoking a run command.';
  throw new ArmError(409, 'Conflict', busy);
}

/**
 * `POST virtualMachines/{name}/runCommand`: runs a script and answers the end of its output in one text. The operation succeeds whatever
 * the script's exit code (Azure docs: run scripts in a Linux VM with action run commands).
 */
export async function runShellScript(cloud: Cloud, vm: Resource, request: ActionRequest): Promise<ActionReply> {
  requireReady(cloud, vm, request);
  const operation = cloud.startOperation({
    kind: 'action',
    resourceId: vm.id,
    location: vm.location ?? '',
    durationKey: 'runCommand.minimum',
  });
  const stuck = operation.endsAt === null;
  const minimum = operation.endsAt ?? cloud.now();
  if (operation.error) return { status: 202, operation };
  const startedAt = cloud.now();
  // Until it is known how long the script takes. An instant and not null: should the process die now, the operation still ends.
  if (!stuck) operation.endsAt = startedAt + longestWork;
  cloud.objects.put(keyOf(vm), startedAt + longestWork);
  // The shell is loaded with the first script, for it is a large part of what a start would load.
  const { runScript } = await import('../../jumpbox/scriptRunner.ts');
  const ran = await runScript(cloud, vm, { ...scriptOf(request.body), timeoutSeconds });
  // An agent that hangs is given up at the time limit.
  const seconds = stuck ? timeoutSeconds : ran.elapsedSeconds;
  const endsAt = Math.max(minimum, startedAt + seconds * 1000 * cloud.timeScale);
  cloud.objects.put(keyOf(vm), endsAt);
  if (!stuck) operation.endsAt = endsAt;
  if (ran.state === 'TimedOut') {
    const message = `Provisioning of VM extension RunCommandLinux has timed out. Extension provisioning has taken too long to complete.`;
    operation.error = { code: 'VMExtensionProvisioningTimeout', message };
  } else operation.result = { value: [resultOf(ran)] };
  return { status: 202, operation };
}

const resultOf = ({ output, error }: { output: string; error: string }): JsonObject => ({
  code: 'ProvisioningState/succeeded',
  level: 'Info',
  displayStatus: 'Provisioning succeeded',
  message: `Enable succeeded: \n[stdout]\n${outputTail(output)}\n[stderr]\n${outputTail(error)}`,
});
