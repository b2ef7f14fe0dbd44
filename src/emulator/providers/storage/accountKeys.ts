import { createHmac } from 'node:crypto';
import { asList, asObject } from '../../http/call.ts';
import { ArmError } from '../../arm/model.ts';
import type { ActionReply, ActionRequest, Cloud, JsonObject, Resource, ResourceType } from '../../arm/model.ts';
import { newKey, nonEmptyText, printable } from '../resourceHelpers.ts';

const invalid = (member: string): ArmError =>
  new ArmError(
    400,
    'InvalidValuesForRequestParameters',
    `Values for request parameters are invalid: ${member}. For more information, see - https://aka.ms/storageaccounttypes`,
  );

const keysOf = (account: Resource): JsonObject[] => asList(account.secrets?.['keys']).map(asObject);

/** The two keys of a new account. */
export const newKeys = (creationTime: string): JsonObject[] =>
  ['key1', 'key2'].map((keyName) => ({ keyName, value: newKey(), permissions: 'FULL', creationTime }));

function regenerateKey(cloud: Cloud, account: Resource, { body }: ActionRequest): ActionReply {
  const creationTime = new Date(cloud.now()).toISOString();
  const keyName = nonEmptyText(body['keyName']);
  const keys = keysOf(account);
  if (!keys.some((key) => key['keyName'] === keyName)) throw invalid('keyName');
  const renewed = keys.map((key) => (key['keyName'] === keyName ? { ...key, value: newKey(), creationTime } : key));
  account.secrets = { ...account.secrets, keys: renewed };
  const times = { ...asObject(account.properties['keyCreationTime']), [keyName ?? '']: creationTime };
  account.properties = { ...account.properties, keyCreationTime: times };
  cloud.save(account);
  return { status: 200, body: { keys: renewed } };
}

/** Signs a token for the account (Azure docs: create an account SAS). */
function listAccountSas(_cloud: Cloud, account: Resource, { body, apiVersion }: ActionRequest): ActionReply {
  const asked = (name: string): string => nonEmptyText(body[name]) ?? '';
  const missing = ['signedServices', 'signedResourceTypes', 'signedPermission', 'signedExpiry'].find(
    (name) => asked(name) === '',
  );
  if (missing !== undefined) throw invalid(missing);
  const key = keysOf(account).find(({ keyName }) => keyName === (nonEmptyText(body['keyToSign']) ?? 'key1'));
  if (key === undefined) throw invalid('keyToSign');
  const values: Record<string, string> = {
    sv: apiVersion >= '2015-04-05' ? '2015-04-05' : apiVersion,
    ss: asked('signedServices'),
    srt: asked('signedResourceTypes'),
    sp: asked('signedPermission'),
    st: asked('signedStart'),
    se: asked('signedExpiry'),
    sip: asked('signedIp'),
    spr: asked('signedProtocol'),
  };
  const signed = [account.name, ...['sp', 'ss', 'srt', 'st', 'se', 'sip', 'spr', 'sv'].map((name) => values[name]), ''];
  const signature = createHmac('sha256', Buffer.from(printable(key['value']), 'base64'))
    .update(signed.join('\n'))
    .digest('base64');
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return {
    status: 200,
    body: { accountSasToken: new URLSearchParams([...given, ['sig', signature]]).toString() },
  };
}

/** POST actions on an account about its keys. */
export const keyActions: NonNullable<ResourceType['actions']> = {
  listkeys: (_cloud, account) => ({ status: 200, body: { keys: keysOf(account) } }),
  regeneratekey: regenerateKey,
  listaccountsas: listAccountSas,
};
