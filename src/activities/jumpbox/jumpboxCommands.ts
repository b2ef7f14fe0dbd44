import { Context } from '@temporalio/activity';
import type { Azure } from '../../azure/connectAzure.ts';
import type { Json, Probe, Spec } from '../../domain/environment.ts';
import { insideTargets } from '../../domain/insideProbe.ts';
import { serviceUrls } from '../../domain/isolatedServices.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource, runCommandId } from '../../domain/resources.ts';
import { sampleOf } from '../../domain/samples.ts';
import { commandTimeoutSeconds, jumpboxCommand } from '../../jumpbox/commands.ts';
import type { JumpboxCommand } from '../../jumpbox/commands.ts';
import type { CommandName } from '../../jumpbox/scripts.ts';
import { JumpboxFailure } from '../../jumpbox/jumpboxFailure.ts';
import { readOutcome } from '../../jumpbox/commandOutcome.ts';
import type { CommandResults } from '../../jumpbox/commandOutcome.ts';
import { samples } from '../../jumpbox/sampleSources.ts';
import { commandFailed, inProgress, retryLater, nonRetryable } from '../errors/activityFailures.ts';
import type { ActivityDeps } from '../deps.ts';
import { ignoreNotFound } from '../resources/ignoreNotFound.ts';
import { resourceHandle } from '../resources/resourceType.ts';
import { readEndpoint } from '../resources/readEndpoint.ts';
import { getWorkspace } from '../resources/types/mlWorkspace.ts';
import { blobDatastore } from '../resources/blobDatastore.ts';

export interface BeginJumpboxCommandInput {
  ref: EnvironmentRef;
  command: CommandName;
  /** the run command's name: `{step}-{run}-{attempt}` */
  name: string;
  /** of `buildImage` and `scoreSample` */
  model?: Spec['model'];
  /** of `buildImage`: of the deployment */
  probe?: Probe;
  /** of `buildImage`: the image is scored on the jumpbox before it is pushed */
  tryLocally?: boolean;
  /** of `buildImage`: without code, only the model is uploaded */
  serving?: Spec['serving'];
  /** of `score`, at most 16 KiB */
  request?: Json;
  /** of `scoreSample`: the names of the blobs with the sample's files */
  blobs?: { request?: string; expected?: string };
}

/**
 * Minutes of Azure's time that a script may take, with some for its start and report. A run command can outlive its own time limit: where the
 * machine's agent restarts, it stays in progress for ever, and Azure refuses every later one (Azure/azure-cli#14642).
 */
export const commandMinutes = (command: CommandName): number => commandTimeoutSeconds(command) / 60 + 10;
/** Minutes to wait while another run command holds the machine (409 "Run command extension execution is in progress"). */
export const commandStartMinutes = 30;
/** Minutes to try the deletion of a run command: nothing waits for it, and the teardown deletes what remains. */
export const commandDeletionMinutes = 5;

async function clientIdOf(azure: Azure, ref: EnvironmentRef): Promise<string> {
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'identity').id);
  const { clientId } = await clients.identities.userAssignedIdentities.get(group, names[0]!);
  if (!clientId) throw retryLater('the managed identity has no client id yet', azure.delayMs(5));
  return clientId;
}

async function loginServerOf(azure: Azure, ref: EnvironmentRef): Promise<string> {
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'registry').id);
  const { loginServer } = await clients.registries.registries.get(group, names[0]!);
  if (!loginServer) throw retryLater('the registry has no login server yet', azure.delayMs(5));
  return loginServer;
}

/** The sample's files in the model's repository, by their paths. */
function sampleFilesOf(model: Spec['model']): { request?: string; expected?: string } {
  const { requestFile, expectedFile } = sampleOf(model);
  return { ...(requestFile && { request: requestFile }), ...(expectedFile && { expected: expectedFile }) };
}

type Prepare = (deps: ActivityDeps, input: BeginJumpboxCommandInput) => Promise<JumpboxCommand>;

/** Builds each command, with inputs that are read from Azure. */
const prepare: Record<CommandName, Prepare> = {
  setUp: async () => jumpboxCommand('setUp', {}),

  async buildImage({ azure, allowPrivateRepositories }, { ref, model, probe, serving, tryLocally }) {
    if (model === undefined) throw new RangeError('buildImage needs a model');
    const [clientId, registry, { account, container }] = await Promise.all([
      clientIdOf(azure, ref),
      loginServerOf(azure, ref),
      blobDatastore(azure, ref),
    ]);
    const source = typeof model === 'string' ? samples[model] : model;
    return jumpboxCommand('buildImage', {
      clientId,
      registry,
      storageAccount: account,
      container,
      model: source,
      sampleFiles: sampleFilesOf(model),
      probe,
      ...(tryLocally && { trySample: sampleOf(model) }),
      serving,
      allowPrivateRepositories,
    });
  },

  async verify(deps, { ref }) {
    const workspaceId = plannedResource(ref, 'workspace').id;
    const [{ scoringUri }, { properties }] = await Promise.all([
      readEndpoint(deps, { ref }),
      getWorkspace({ generic: deps.azure.generic, id: workspaceId }),
    ]);
    const urls = serviceUrls(ref, { scoringUri, workspaceGuid: properties.workspaceId ?? '' });
    return jumpboxCommand('verify', { targets: insideTargets(urls) });
  },

  async score(deps, { ref, request }) {
    if (request === undefined) throw new RangeError('score needs a request');
    const [clientId, endpoint] = await Promise.all([clientIdOf(deps.azure, ref), readEndpoint(deps, { ref })]);
    return jumpboxCommand('score', { clientId, ...endpoint, request });
  },

  async scoreSample(deps, { ref, model, blobs = {} }) {
    if (model === undefined) throw new RangeError('scoreSample needs a model');
    const [clientId, endpoint, { account, container }] = await Promise.all([
      clientIdOf(deps.azure, ref),
      readEndpoint(deps, { ref }),
      blobDatastore(deps.azure, ref),
    ]);
    return jumpboxCommand('scoreSample', {
      clientId,
      ...endpoint,
      storageAccount: account,
      container,
      sample: sampleOf(model),
      blobs,
    });
  },
};

/**
 * Starts a script on the jumpbox as a managed run command. A second attempt adopts the run command of the first one, so that no script
 * runs twice at once; a first attempt deletes an existing run command of that name. Throws `InvalidRequest` (final) for a request over the limit.
 */
export async function beginJumpboxCommand(
  deps: ActivityDeps,
  input: BeginJumpboxCommandInput,
): Promise<{ id: string }> {
  const { azure } = deps;
  const { ref, name } = input;
  const id = runCommandId(ref, name);
  const { clients, group, names } = resourceHandle(azure, id);
  const { virtualMachineRunCommands } = clients.compute;
  const sent = await ignoreNotFound(azure, virtualMachineRunCommands.getByVirtualMachine(group, names[0]!, name));
  if (sent) {
    if (/^deleting$/i.test(sent.provisioningState ?? ''))
      throw inProgress(`run command ${name}: Deleting`, azure.delayMs(5));
    if (Context.current().info.attempt > 1) return { id };
    // it belongs to an earlier, lost workflow of this environment
    await azure.operations.begin(() => virtualMachineRunCommands.delete(group, names[0]!, name));
    throw inProgress(`run command ${name}: deleting an earlier one`, azure.delayMs(5));
  }
  const { script, parameters, timeoutSeconds } = await prepare[input.command](deps, input).catch((error: unknown) => {
    if (error instanceof JumpboxFailure) throw nonRetryable(error);
    throw error;
  });
  await azure.operations.begin(() =>
    virtualMachineRunCommands.createOrUpdate(group, names[0]!, name, {
      location: ref.location,
      source: { script },
      parameters,
      asyncExecution: true,
      timeoutInSeconds: timeoutSeconds,
    }),
  );
  return { id };
}

/** A proof takes about 20 seconds: with longer pauses, up to a quarter of it would be waiting. The other commands take minutes. */
const pollSeconds = (command: CommandName): number => (command === 'verify' ? 2 : 5);

const settling = /^(creating|updating|accepted|running)$/i;

/**
 * Polls a script once. Throws `InProgress` while it is running, and the script's failure, final, with a `RetryHint` where a new attempt may
 * succeed.
 */
export async function observeJumpboxCommand<Name extends CommandName>(
  { azure }: ActivityDeps,
  { id, command }: { id: string; command: Name },
): Promise<CommandResults[Name]> {
  const { clients, group, names } = resourceHandle(azure, id);
  const { virtualMachineRunCommands } = clients.compute;
  const expand = { expand: 'instanceView' };
  const found = await ignoreNotFound(
    azure,
    virtualMachineRunCommands.getByVirtualMachine(group, names[0]!, names[1]!, expand),
  );
  if (!found) throw retryLater(`run command ${names[1]}: not visible yet`, azure.delayMs(5));
  const { instanceView: view, provisioningState = '' } = found;
  const state = view?.executionState ?? 'Unknown';
  // With asynchronous execution the PUT ends when the script was started; its state follows through the agent, later.
  const unreported = state === 'Unknown' && !view?.output && !view?.error && /^succeeded$/i.test(provisioningState);
  if (unreported || (state === 'Unknown' && settling.test(provisioningState))) {
    const status = unreported ? 'started, no status yet' : provisioningState;
    throw inProgress(`run command ${names[1]}: ${status}`, azure.delayMs(pollSeconds(command)));
  }
  if (!view?.output && !view?.error && (state === 'Failed' || /^(failed|canceled)$/i.test(provisioningState))) {
    // Every script prints a result, failed ones included: this one never started, or its machine stopped.
    const message = `run command ${names[1]}: ended without output (${state}, ${provisioningState})`;
    throw commandFailed({ type: 'Transient', message, remedy: '', retryable: true }, azure.delayMs(15));
  }
  try {
    return readOutcome(command, {
      executionState: state,
      ...(view?.exitCode === undefined ? {} : { exitCode: view.exitCode }),
      ...(view?.output === undefined ? {} : { output: view.output }),
      error: view?.error || (view?.executionMessage ?? ''),
    });
  } catch (error) {
    if (!(error instanceof JumpboxFailure)) throw error;
    if (error.type === 'InProgress') throw inProgress(error.message, azure.delayMs(pollSeconds(command)));
    throw commandFailed(error, azure.delayMs(15));
  }
}

/** Deletes a run command without waiting for it; an absent one is success. */
export async function deleteJumpboxCommand({ azure }: ActivityDeps, { id }: { id: string }): Promise<void> {
  const { clients, group, names } = resourceHandle(azure, id);
  const { virtualMachineRunCommands } = clients.compute;
  await ignoreNotFound(
    azure,
    azure.operations.begin(() => virtualMachineRunCommands.delete(group, names[0]!, names[1]!)),
  );
}
