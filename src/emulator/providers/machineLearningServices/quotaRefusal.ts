import { asObject, textOf } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { Cloud, PutRequest, Resource } from '../../arm/model.ts';
import { guidOf } from '../../http/signIn.ts';
import { subscriptionOf } from '../resourceHelpers.ts';
import { coreLimit, coresInUse, totalCoreLimit, totalCoresInUse } from './machineLearningQuota.ts';
import { coresNeeded } from './machineLearningSizes.ts';
import type { InstanceType } from './machineLearningSizes.ts';

/**
 * The refusal of a deployment for cores (MicrosoftLearning/mslearn-azure-ml#30, Azure/mlops-v2#124).
 * @throws ArmError 400 BadRequest, the numbers in a JSON text in its details
 */
export function checkCores(
  cloud: Cloud,
  request: PutRequest,
  endpoint: Resource,
  type: InstanceType,
  instances: number,
): void {
  const size = textOf(asObject(request.body['properties'])['instanceType']) || type.size;
  const location = endpoint.location ?? '';
  const subscriptionId = subscriptionOf(request.id);
  const needed = coresNeeded(type, instances);
  const bounds = [
    [coresInUse(cloud, subscriptionId, type.family, location, request.id), coreLimit(cloud, type.family, location)],
    [totalCoresInUse(cloud, subscriptionId, location, request.id), totalCoreLimit(cloud, location)],
  ] as const;
  const exceeded = bounds.find(([used, limit]) => limit >= 0 && used + needed > limit);
  if (!exceeded) return;
  const text = `Not enough quota available for ${size} in SubscriptionId ${subscriptionId}. Current usage/limit: ${exceeded.join('/')}. Additional needed: ${needed} Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#error-outofquota`;
  throw inferencingRefusal({ VmSize: [text] }, request.id);
}

/** @throws ArmError 400 as the inferencing service's validation is passed on */
function inferencingRefusal(errors: Record<string, string[]>, id: string): ArmError {
  const inner = {
    errors,
    type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
    title: 'One or more validation errors occurred.',
    status: 400,
    traceId: `00-${guidOf(id).replaceAll('-', '')}-01`,
  };
  const message = `InferencingClient HttpRequest error, error detail: ${JSON.stringify(inner)}`;
  return new ArmError(400, 'BadRequest', 'The request is invalid.', {
    details: [{ code: 'InferencingClientCreateDeploymentFailed', message }],
  });
}
