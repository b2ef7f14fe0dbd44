import type { PipelinePolicy } from '@azure/core-rest-pipeline';

const port = (url: URL): string => url.port || '443';

/** Whether a URL belongs to the endpoint: same host and port, or a regional host below it. Private DNS answers with `:443`. */
export function belongsTo(endpoint: string, url: string): boolean {
  const own = new URL(endpoint);
  const other = new URL(url, endpoint);
  const sameHost = other.hostname === own.hostname || other.hostname.endsWith(`.${own.hostname}`);
  return other.protocol === 'https:' && sameHost && port(other) === port(own);
}

/** Refuses requests to other hosts than the endpoint's: the bearer token must reach no other host, and the emulator's client must not reach Azure. */
export function endpointPolicy(endpoint: string): PipelinePolicy {
  return {
    name: 'endpoint',
    async sendRequest(request, next) {
      if (!belongsTo(endpoint, request.url)) {
        throw new Error(`refused to send to ${new URL(request.url).host}: it is not ${new URL(endpoint).host}`);
      }
      return next(request);
    },
  };
}
