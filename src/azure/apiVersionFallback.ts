import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';

/** The errors by which ARM refuses an api-version, without having done anything. Their messages list what it takes. */
const refusals = new Set(['NoRegisteredProviderFound', 'InvalidApiVersionParameter', 'InvalidResourceType']);
const listed = /supported (?:api-)?versions are '([^']*)'/i;

interface ErrorBody {
  error?: { code?: string; message?: string };
}

function errorOf({ bodyAsText }: PipelineResponse): ErrorBody['error'] {
  try {
    return (JSON.parse(bodyAsText ?? '') as ErrorBody).error;
  } catch {
    return undefined;
  }
}

/** The newest released version that is listed and not newer than the sent one; undefined where there is none, or another error. */
export function offeredVersion(response: PipelineResponse, sent: string): string | undefined {
  if (response.status !== 400 && response.status !== 404) return undefined;
  const { code = '', message = '' } = errorOf(response) ?? {};
  if (!refusals.has(code)) return undefined;
  const versions = (listed.exec(message)?.[1] ?? '').split(',').map((one) => one.trim());
  return versions
    .filter((one) => /^\d{4}-\d\d-\d\d$/.test(one) && one < sent)
    .toSorted()
    .at(-1);
}

/** `microsoft.network/virtualnetworks`: the namespace and types of a path. */
function typeOf(url: URL): string {
  const [namespace = '', ...segments] = url.pathname.toLowerCase().split('/providers/').at(-1)!.split('/');
  return [namespace, ...segments.filter((_, index) => index % 2 === 0)].join('/');
}

/**
 * Sends a request once more with an older api-version where the region does not have the one of the SDK package yet: their versions are some weeks
 * old when a package is released. The chosen version is kept for the type. Bodies are valid in the last published versions, too
 * (test/published).
 */
export function apiVersionPolicy(): PipelinePolicy {
  const chosen = new Map<string, string>();
  return {
    name: 'apiVersionFallback',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      const sent = url.searchParams.get('api-version');
      if (sent === null) return next(request);
      const type = `${typeOf(url)}@${sent}`;
      const sendWith = (version: string) => {
        url.searchParams.set('api-version', version);
        request.url = url.href;
        return next(request);
      };
      const kept = chosen.get(type);
      const response = await (kept === undefined ? next(request) : sendWith(kept));
      const offered = offeredVersion(response, kept ?? sent);
      if (offered === undefined) return response;
      chosen.set(type, offered);
      return sendWith(offered);
    },
  };
}
