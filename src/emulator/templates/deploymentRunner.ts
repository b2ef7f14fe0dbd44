import { ArmError } from '../arm/model.ts';
import type { ErrorBody, JsonObject, Operation, Resource } from '../arm/model.ts';
import { asObject } from '../http/call.ts';
import type { Call, Reply } from '../http/call.ts';
import { JournalError } from '../state/journal.ts';
import type { LogLine } from '../state/journal.ts';
import type { EmulatedCloud } from '../state/cloud.ts';
import type { Store } from '../state/store.ts';
import { deploymentType, stateOf, surroundingsOfDeployment } from './deploymentState.ts';
import type { DeploymentState, Step } from './deploymentState.ts';
import { evaluateOutputs, failureOf, stepError } from './deploymentEnd.ts';
import { bodyOf } from './plan.ts';
import { referenceTo } from './surroundings.ts';

interface Parts {
  cloud: EmulatedCloud;
  store: Pick<Store, 'commit'>;
  /** executes a request as if a client had sent it */
  send(call: Call): Promise<Reply | 'dropped'>;
  log?: ((line: LogLine) => void) | undefined;
}

/** Milliseconds after which running deployments are looked at, whatever happens: an operation may have been released or cancelled. */
const longestPause = 500;

/**
 * Executes the deployments of templates: sends each resource's PUT as soon as those before it exist, and ends the deployment. All it works
 * from is in the journal, so that it continues after a restart.
 */
export class DeploymentRunner {
  readonly #parts: Parts;
  /** the requests that have not been answered, by deployment operation and resource */
  readonly #sending = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.wake();
  }

  /** Continues what can be continued. Called when a request may have started or changed a deployment. */
  wake(milliseconds = 0): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.#run(), milliseconds).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    const { cloud, store, log } = this.#parts;
    if (this.#active().length === 0) return;
    try {
      cloud.completeDue();
      for (const [deployment, operation] of this.#active()) this.#advance(deployment, operation);
      store.commit();
      const pause = this.#pause();
      if (pause !== undefined) this.wake(pause);
    } catch (error) {
      // The journal reports itself; nothing is lost, what was done is done again.
      if (!(error instanceof JournalError))
        log?.({ level: 'error', message: `deployments: ${String(error instanceof Error ? error.stack : error)}` });
      this.wake(longestPause);
    }
  }

  /** The deployments that are to be executed: not those that a scripted fault has hung or fails. */
  #active(): [Resource, Operation][] {
    const { cloud } = this.#parts;
    return cloud.ofType(deploymentType).flatMap((deployment): [Resource, Operation][] => {
      const operation = cloud.running(deployment);
      const executed = operation && operation.kind !== 'delete' && operation.endsAt !== null && !operation.error;
      return executed ? [[deployment, operation]] : [];
    });
  }

  /** Milliseconds until the next operation of a resource ends; undefined when nothing is deployed. */
  #pause(): number | undefined {
    const { cloud } = this.#parts;
    const active = this.#active();
    if (active.length === 0) return undefined;
    const ends = active.flatMap(([deployment]) =>
      stateOf(deployment).steps.map(({ state, operationId }) =>
        state === 'running' ? (cloud.operation(operationId ?? '')?.endsAt ?? Infinity) : Infinity,
      ),
    );
    return Math.max(1, Math.min(longestPause, ...ends.map((end) => end - cloud.now())));
  }

  /** Continues one deployment. A defect of the emulator ends it, so that nobody waits for it and the others continue. */
  #advance(deployment: Resource, operation: Operation): void {
    const { cloud, log } = this.#parts;
    try {
      this.#execute(deployment, operation);
    } catch (error) {
      log?.({ level: 'error', message: `deployment ${deployment.id}: ${String(error)}` });
      const message = `Internal error of the emulator: ${String(error)}`;
      cloud.end(operation, 'Failed', { code: 'InternalServerError', message });
    }
  }

  #execute(deployment: Resource, operation: Operation): void {
    const { cloud } = this.#parts;
    const state = stateOf(deployment);
    for (const step of state.steps) this.#observe(operation, step);
    const succeeded = new Set(state.steps.filter((step) => step.state === 'Succeeded').map(({ id }) => id));
    for (const step of state.steps)
      if (step.state === 'waiting' && step.dependsOn.every((id) => succeeded.has(id)))
        this.#start(deployment, operation, state, step);
    if (!state.steps.some((step) => step.state === 'sending' || step.state === 'running'))
      this.#end(deployment, operation, state);
    if (cloud.find(deployment.id) === deployment) cloud.save(deployment);
  }

  /** Whether the resource's request or operation has ended. */
  #observe(operation: Operation, step: Step): void {
    const { cloud } = this.#parts;
    if (step.state === 'sending' && !this.#sending.has(keyOf(operation, step))) {
      // A restart interrupted the request: it is sent again, unless it has been executed.
      const begun = operationIn(cloud, step);
      if (begun) Object.assign(step, { state: 'running', operationId: begun.id });
      else step.state = 'waiting';
    }
    if (step.state !== 'running') return;
    const begun = cloud.operation(step.operationId ?? '');
    if (begun && !begun.settled) return;
    step.endedAt = begun?.endsAt ?? cloud.now();
    step.state = begun?.outcome === 'Succeeded' || (!begun && cloud.find(step.id)) ? 'Succeeded' : 'Failed';
    if (step.state === 'Failed') step.error = stepError(step, begun);
    else step.status = 200;
  }

  #start(deployment: Resource, operation: Operation, state: DeploymentState, step: Step): void {
    const { cloud, send, log } = this.#parts;
    Object.assign(step, { state: 'sending', startedAt: step.startedAt ?? cloud.now() });
    let body: JsonObject;
    try {
      const surroundings = surroundingsOfDeployment(cloud, deployment, state);
      body = bodyOf(step, { ...surroundings, reference: referenceTo(cloud, state.steps) });
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      return fail(step, cloud.now(), error.status, error.body);
    }
    const key = keyOf(operation, step);
    this.#sending.add(key);
    // In the journal before the request is, so that after a crash it is known that it may have been executed.
    cloud.save(deployment);
    send(callOf(deployment, operation, step, body))
      .then((reply) => this.#record(deployment.id, operation.id, step.id, reply))
      .catch((error: unknown) => log?.({ level: 'error', message: `deployment ${deployment.id}: ${String(error)}` }))
      .finally(() => {
        this.#sending.delete(key);
        this.wake();
      });
  }

  /** Notes the answer to the request of a step; nothing if its deployment has ended or been replaced meanwhile. */
  #record(deploymentId: string, operationId: string, stepId: string, reply: Reply | 'dropped'): void {
    const { cloud, store } = this.#parts;
    const deployment = cloud.find(deploymentId);
    const step = deployment && stateOf(deployment).steps.find(({ id }) => id === stepId);
    if (!step || deployment.operation?.id !== operationId || deployment.operation.settled) return;
    if (reply === 'dropped' || reply.status === 429) step.state = 'waiting';
    else if (reply.status >= 300) fail(step, cloud.now(), reply.status, asObject(asObject(reply.body)['error']));
    else {
      const begun = operationIn(cloud, step);
      step.status = reply.status;
      if (begun) Object.assign(step, { state: 'running', operationId: begun.id });
      else Object.assign(step, { state: 'Succeeded', endedAt: cloud.now() });
    }
    cloud.save(deployment);
    store.commit();
  }

  #end(deployment: Resource, operation: Operation, state: DeploymentState): void {
    if (operation.settled) return;
    const { cloud } = this.#parts;
    const outputResources = state.steps.filter((step) => step.state === 'Succeeded').map(({ id }) => ({ id }));
    if (state.steps.some((step) => step.state === 'Failed')) {
      deployment.properties['outputResources'] = outputResources;
      return cloud.end(operation, 'Failed', failureOf(deployment, state));
    }
    try {
      const surroundings = surroundingsOfDeployment(cloud, deployment, state);
      const outputs = evaluateOutputs(state, { ...surroundings, reference: referenceTo(cloud, state.steps) });
      Object.assign(deployment.properties, { outputs, outputResources });
      cloud.end(operation, 'Succeeded');
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      cloud.end(operation, 'Failed', error.body);
    }
  }
}

const keyOf = (operation: Operation, step: Step): string => `${operation.id} ${step.id}`;

/** The operation that is running on the resource of a step. */
function operationIn(cloud: EmulatedCloud, step: Step): Operation | undefined {
  const resource = cloud.find(step.id);
  const running = resource && cloud.running(resource);
  return running && running.kind !== 'delete' ? running : undefined;
}

function fail(step: Step, at: number, status: number, error: ErrorBody): void {
  Object.assign(step, { state: 'Failed', endedAt: at, status, error: { ...error, target: step.id } });
}

/** The request that creates the resource of a step, in the name of who deploys. */
function callOf(deployment: Resource, operation: Operation, step: Step, body: JsonObject): Call {
  const appId = deployment.changedBy ?? '';
  return {
    method: 'PUT',
    path: step.id,
    query: { 'api-version': step.apiVersion },
    headers: {},
    body,
    origin: 'https://localhost',
    correlationId: operation.correlationId ?? operation.id,
    principal: { appId, objectId: appId },
  };
}
