import { objectOf, textAt } from '../../dataPlane/jsonPath.ts';
import type { Json } from '../../arm/model.ts';
import type { AzCall, AzResult } from './azCall.ts';

const dockerConfig = '/root/.docker/config.json';

/** `az acr login`: changes the directory's token into one of the registry and leaves it with Docker. */
export async function acrLogin({ machine, options, token }: AzCall): Promise<AzResult> {
  if (!machine.state.services.includes('docker'))
    return { error: "You may want to use 'az acr login -n <registry> --expose-token': DOCKER_COMMAND_ERROR" };
  const host = `${options.values['--name']}.azurecr.io`.toLowerCase();
  const body = new URLSearchParams({ grant_type: 'access_token', service: host, access_token: token }).toString();
  const exchange = machine.request({ url: `https://${host}/oauth2/exchange`, method: 'POST', body });
  if ('fault' in exchange) {
    return {
      error: `Could not connect to the registry login server '${host}'. Please verify that the registry exists and the URL 'https://${host}/v2/' is reachable from your environment. (${exchange.fault})`,
    };
  }
  if (exchange.status !== 200) {
    return {
      error: `CONNECTIVITY_REFRESH_TOKEN_ERROR Access to registry '${host}' was denied. Response code: ${exchange.status}. ${exchange.body}`,
    };
  }
  const config = objectOf(await machine.readJson(dockerConfig));
  const auths = {
    ...objectOf(config?.['auths']),
    [host]: { identitytoken: textAt(JSON.parse(exchange.body) as Json, 'refresh_token') },
  };
  await machine.writeJson(dockerConfig, { ...config, auths });
  return {};
}
