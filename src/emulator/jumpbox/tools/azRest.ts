import type { AzCall, AzResult } from './azCall.ts';

/** `az rest` against Resource Manager. */
export function rest({ machine, options, token, subscriptions }: AzCall): AzResult {
  const { '--url': url = '', '--method': method = 'get' } = options.values;
  if (!url.startsWith('https://management.azure.com/'))
    return { error: `Can't derive appropriate Azure AD resource from --url ${url}` };
  const subscription = /^https:\/\/[^/]+\/subscriptions\/([^/?]+)/.exec(url)?.[1];
  if (subscription !== undefined && !subscriptions.includes(subscription)) {
    return { error: `Subscription '${subscription}' not found. Check the spelling and casing and try again.` };
  }
  const exchange = machine.request(
    { url, method: method.toUpperCase(), headers: { authorization: `Bearer ${token}` } },
    100,
  );
  if ('fault' in exchange)
    return {
      error: `HTTPSConnectionPool(host='management.azure.com', port=443): Max retries exceeded (${exchange.fault})`,
    };
  if (exchange.status >= 400)
    return {
      error: `Forbidden(${exchange.body})`.replace(
        /^Forbidden/,
        exchange.status === 403 ? 'Forbidden' : `Status ${exchange.status}`,
      ),
    };
  return { result: JSON.parse(exchange.body) };
}
