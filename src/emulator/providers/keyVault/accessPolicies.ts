import { asList, asObject } from '../../http/call.ts';
import { resourceNotFound } from '../../arm/armErrors.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, Cloud, JsonObject, SubscriptionRoute } from '../../arm/model.ts';
import { printable } from '../resourceHelpers.ts';

/** Whom a policy is about. */
const holderOf = (policy: JsonObject): string =>
  [policy['tenantId'], policy['objectId'], policy['applicationId']].map((part) => printable(part).toLowerCase()).join();

const union = (a: unknown, b: unknown): string[] => [...new Set([...asList(a), ...asList(b)].map(String))];
const without = (a: unknown, b: unknown): string[] => {
  const gone = new Set(asList(b).map(String));
  return asList(a)
    .map(String)
    .filter((one) => !gone.has(one));
};

/** A policy's permissions, kind by kind (keys, secrets, certificates, storage), merged with those asked for. */
function merged(policy: JsonObject, asked: JsonObject, merge: (a: unknown, b: unknown) => string[]): JsonObject {
  const [before, change] = [asObject(policy['permissions']), asObject(asked['permissions'])];
  const kinds = [...new Set([...Object.keys(before), ...Object.keys(change)])];
  return { ...policy, permissions: Object.fromEntries(kinds.map((kind) => [kind, merge(before[kind], change[kind])])) };
}

const isEmpty = (policy: JsonObject): boolean =>
  Object.values(asObject(policy['permissions'])).every((list) => asList(list).length === 0);

/** `add` adds permissions, `replace` sets them, `remove` takes them away; a policy without permissions is gone. */
function changed(policies: JsonObject[], asked: JsonObject[], kind: string): JsonObject[] {
  const result = new Map(policies.map((policy) => [holderOf(policy), policy]));
  for (const change of asked) {
    const before = result.get(holderOf(change));
    if (kind === 'replace' || (kind === 'add' && !before)) result.set(holderOf(change), change);
    else if (before) result.set(holderOf(change), merged(before, change, kind === 'add' ? union : without));
  }
  return [...result.values()].filter((policy) => !isEmpty(policy));
}

function update(cloud: Cloud, id: string, kind: string, body: JsonObject): ActionReply {
  const vault = cloud.find(id);
  if (!vault) throw resourceNotFound(id);
  const asked = asList(asObject(body['properties'])['accessPolicies']).map(asObject);
  if (asked.some((policy) => policy['tenantId'] === undefined || policy['objectId'] === undefined))
    throw new ArmError(400, 'BadRequest', 'An access policy needs tenantId, objectId and permissions.');
  const policies = changed(asList(vault.properties['accessPolicies']).map(asObject), asked, kind);
  vault.properties = { ...vault.properties, accessPolicies: policies };
  cloud.save(vault);
  return {
    status: 200,
    body: {
      id: `${vault.id}/accessPolicies/`,
      type: 'Microsoft.KeyVault/vaults/accessPolicies',
      location: vault.location ?? '',
      properties: { accessPolicies: policies },
    },
  };
}

/** `PUT vaults/{name}/accessPolicies/{add|replace|remove}` (azure-rest-api-specs: Vaults_UpdateAccessPolicy). */
export const accessPolicyRoutes: SubscriptionRoute[] = ['add', 'replace', 'remove'].map((kind) => ({
  method: 'PUT',
  path: `/resourceGroups/{group}/providers/Microsoft.KeyVault/vaults/{vault}/accessPolicies/${kind}`,
  handle: (cloud, { subscriptionId, params, body }) =>
    update(
      cloud,
      `/subscriptions/${subscriptionId}/resourceGroups/${params['group']}/providers/Microsoft.KeyVault/vaults/${params['vault']}`,
      kind,
      body,
    ),
}));
