import { managedIdentityToken, principalOf } from '../../dataPlane/managedIdentityTokens.ts';
import type { AzCall, AzResult } from './azCall.ts';

/** `az account get-access-token` for the identity that is signed in: a new token of the metadata service, for one service. */
export function getAccessToken({ machine, options, token }: AzCall): AzResult {
  const { clientId = '' } = principalOf(token) ?? {};
  const accessToken = managedIdentityToken(
    machine.cloud,
    machine.vm,
    clientId,
    machine.now,
    options.values['--resource'],
  );
  return accessToken === undefined
    ? { error: `Failed to connect to MSI. Get Token request returned: 400 Identity not found: ${clientId}` }
    : { result: { accessToken, tokenType: 'Bearer' } };
}
