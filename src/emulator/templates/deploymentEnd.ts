import { ArmError } from '../arm/model.ts';
import type { ErrorBody, JsonObject, Operation, Resource } from '../arm/model.ts';
import { asObject } from '../http/call.ts';
import { evaluate } from './evaluate.ts';
import type { Surroundings } from './evaluate.ts';
import { isSecure, kindOf } from './parameters.ts';
import type { DeploymentState, Step } from './deploymentState.ts';
import { located } from './templateErrors.ts';

/** The error of a deployment with resources that could not be created (Azure docs, "Troubleshoot common deployment errors"). */
export function failureOf({ id }: Resource, { steps }: DeploymentState): ErrorBody {
  return {
    code: 'DeploymentFailed',
    target: id,
    message:
      'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.',
    details: steps.flatMap(({ error }) => (error ? [error] : [])),
  };
}

/** The error of a resource whose operation has failed, or was ended by somebody else. */
export function stepError({ id }: Step, operation: Operation | undefined): ErrorBody {
  const state = operation?.outcome ?? 'Failed';
  return {
    code: 'ResourceDeploymentFailure',
    target: id,
    message: `The resource write operation failed to complete successfully, because it reached terminal provisioning state '${state}'.`,
    ...(operation?.error ? { details: [operation.error] } : {}),
  };
}

/**
 * The outputs of a deployment, as ARM answers them.
 * @throws ArmError 400 DeploymentOutputEvaluationFailed
 */
export function evaluateOutputs({ template }: DeploymentState, surroundings: Surroundings): JsonObject {
  const outputs: JsonObject = {};
  const faults: ErrorBody[] = [];
  for (const [name, declaration] of Object.entries(asObject(template['outputs']))) {
    const { type, value = null, condition = true } = asObject(declaration);
    try {
      located(`output '${name}'`, () => {
        if (evaluate(condition, surroundings) === false) return;
        const kind = kindOf(name, type);
        const evaluated = evaluate(value, surroundings);
        outputs[name] = isSecure(kind) ? { type: kind } : { type: kind, value: evaluated };
      });
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      faults.push({ ...error.body, target: name });
    }
  }
  if (faults.length === 0) return outputs;
  const names = faults.map(({ target }) => target).join(',');
  throw new ArmError(
    400,
    'DeploymentOutputEvaluationFailed',
    `Unable to evaluate template outputs: '${names}'. Please see error details and deployment operations. Please see https://aka.ms/arm-common-errors for usage details.`,
    { details: faults },
  );
}
