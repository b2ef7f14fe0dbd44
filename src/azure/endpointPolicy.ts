import type { PipelinePolicy } from '@azure/core-rest-pipeline';

const port = (url: URL): string => url.port || '443';

/** Whether a URL belongs to the endpoint: same host and port, or a regional host below it. Private DNS answers with `:443`. */
export function belongsTo(endpoint: string, url: string): boolean {
  const home = new URL(endpoint);
  const there = new URL(url, endpoint);
  const sameHost = there.hostname === home.hostname || there.hostname.endsWith(`.${home.hostname}`);
  return there.protocol === 'https:' && sameHost && port(there) === port(home);
}

/** Refuses every request to another host than the endpoint's: the bearer token must not leave it, nor an emulator's client reach Azure. */
export function endpointPolicy(endpoint: string): PipelinePolicy {
  return {
    name: 'guard',
    async sendRequest(request, next) {
      if (!belongsTo(endpoint, request.url)) {
        throw new Error(`refused to send to ${new URL(request.url).host}: it is not ${new URL(endpoint).host}`);
      }
      return next(request);
    },
  };
}
