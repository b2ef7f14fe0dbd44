import type { Azure } from '../../azure/connectAzure.ts';
import type { ProbeOptions } from '../../azure/probe.ts';
import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { plannedResource } from '../../domain/resources.ts';
import { resourceHandle } from '../resources/resourceType.ts';

/** What a scoring request from outside carries, by the mode of authentication, as rows name it. */
export const credentialNames: Readonly<Record<Spec['authMode'], string>> = {
  key: 'the endpoint’s key',
  amlToken: 'a token of the endpoint',
  aadToken: 'the worker’s token',
};

/**
 * What the worker sends to score. Keys and tokens stay in memory of the activity: they are part of no row, no error and no log. Undefined
 * where Azure returns none.
 */
export async function scoringCredential(
  azure: Azure,
  ref: EnvironmentRef,
  mode: Spec['authMode'],
): Promise<ProbeOptions | undefined> {
  if (mode === 'aadToken') return { tokenScope: 'https://ml.azure.com/.default', post: true };
  const { clients, group, names } = resourceHandle(azure, plannedResource(ref, 'onlineEndpoint').id);
  const { onlineEndpoints } = clients.machineLearning;
  const read =
    mode === 'key'
      ? onlineEndpoints.listKeys(group, names[0]!, names[1]!).then(({ primaryKey }) => primaryKey)
      : onlineEndpoints.getToken(group, names[0]!, names[1]!).then(({ accessToken }) => accessToken);
  const key = await read.catch(() => undefined);
  return key ? { key } : undefined;
}
