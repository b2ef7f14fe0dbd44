import { asList, asObject } from '../../http/call.ts';
import { printable } from '../resourceHelpers.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, ActionRequest, Cloud, JsonObject, Resource, ResourceType } from '../../arm/model.ts';
import { notEmulated } from '../../arm/armErrors.ts';

const keyOf = (component: Resource): string => `billing:${component.id.toLowerCase()}`;

/** The daily cap of a new component, in GB, and its other members (azure-rest-api-specs: CurrentBillingFeaturesGet). */
const defaults: JsonObject = {
  Cap: 100,
  ResetTime: 0,
  WarningThreshold: 90,
  StopSendNotificationWhenHitThreshold: false,
  StopSendNotificationWhenHitCap: false,
  MaxHistoryCap: 1000,
};

function current(cloud: Cloud, component: Resource): JsonObject {
  const kept = asObject(cloud.objects.get(keyOf(component)));
  return {
    CurrentBillingFeatures: kept['CurrentBillingFeatures'] ?? ['Basic'],
    DataVolumeCap: { ...defaults, ...asObject(kept['DataVolumeCap']) },
  };
}

/** The members that only Azure decides are ignored in a PUT. */
function update(cloud: Cloud, component: Resource, { body }: ActionRequest): ActionReply {
  const { ResetTime: _, MaxHistoryCap: __, ...asked } = asObject(body['DataVolumeCap']);
  const features = asList(body['CurrentBillingFeatures'] ?? ['Basic']);
  const known = ['Basic', 'Application Insights Enterprise'];
  if (features.some((feature) => !known.includes(printable(feature))))
    throw new ArmError(400, 'BadRequest', `CurrentBillingFeatures must be some of ${known.join(', ')}.`);
  const before = asObject(current(cloud, component)['DataVolumeCap']);
  cloud.objects.put(keyOf(component), {
    CurrentBillingFeatures: features,
    DataVolumeCap: { ...before, ...asked },
  });
  return { status: 200, body: current(cloud, component) };
}

function billingFeatures(cloud: Cloud, component: Resource, request: ActionRequest): ActionReply {
  if (request.method === 'PUT') return update(cloud, component, request);
  if (request.method === 'GET') return { status: 200, body: current(cloud, component) };
  throw notEmulated(request.method, 'on currentBillingFeatures');
}

/** The component is deleted. */
export const removeBillingFeatures = (cloud: Cloud, component: Resource): void =>
  cloud.objects.delete(keyOf(component));

/** What azurerm and `az monitor app-insights component billing` read and set of a component. */
export const componentActions: NonNullable<ResourceType['actions']> = {
  currentbillingfeatures: billingFeatures,
  quotastatus: (_cloud, component) => ({
    status: 200,
    body: { AppId: component.properties['ApplicationId'] ?? null, ShouldBeThrottled: false, ExpirationTime: null },
  }),
};
