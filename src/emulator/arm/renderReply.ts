import { asObject } from '../http/call.ts';
import type { Call } from '../http/call.ts';
import type { JsonObject, Resource, ResourceType } from './model.ts';
import { toArm } from './toArm.ts';
import { urlsOf } from './lroUrls.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

/** The body of a reply; Machine Learning adds the URL of the running operation. */
export function renderReply(cloud: EmulatedCloud, call: Call, type: ResourceType, resource: Resource): JsonObject {
  const body = toArm(cloud, type, resource, call.query);
  if (type.style === 'machineLearning' && resource.operation) {
    const properties = asObject(body['properties']);
    const url = urlsOf(cloud, call, 'machineLearning', resource.operation).status;
    body['properties'] = {
      ...properties,
      properties: { ...asObject(properties['properties']), AzureAsyncOperationUri: url },
    };
  }
  return body;
}
