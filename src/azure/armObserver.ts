import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** A request to ARM, without its query: that of an operation's address is signed. */
export interface ArmRequest {
  method: string;
  /** ARM path */
  path: string;
  /** namespace of the resource provider, like `Microsoft.Network` */
  provider: string;
  /** with the provider, like `Microsoft.Network/virtualNetworks/subnets` */
  resourceType: string;
  correlationId: string | undefined;
}

/** What a caller can do after an answer. `none`: nothing to retry; `connection`: there was no answer. */
type RetryClass = 'none' | 'throttled' | 'transient' | 'conflict' | 'refused' | 'connection';

export interface ArmAnswer {
  /** null: there was no answer */
  status: number | null;
  retry: RetryClass;
  seconds: number;
  requestId: string | undefined;
  /** requests that ARM accepts now, as it reported them */
  remaining: RemainingRequests[];
}

interface RemainingRequests {
  subscriptionId: string;
  /** of a token bucket, like `reads` or `global-writes` */
  bucket: string;
  requests: number;
}

/** Observes the requests to ARM, each attempt by itself. The function that it returns is called with the answer. */
export type ArmObserver = (request: ArmRequest) => (answer: ArmAnswer) => void;

/** The resource providers that Moat calls; a resource of another one can be met in a group. */
const providers = [
  'Microsoft.AlertsManagement',
  'Microsoft.Authorization',
  'Microsoft.Cdn',
  'Microsoft.Compute',
  'Microsoft.ContainerRegistry',
  'Microsoft.Insights',
  'Microsoft.KeyVault',
  'Microsoft.MachineLearningServices',
  'Microsoft.ManagedIdentity',
  'Microsoft.Network',
  'Microsoft.OperationalInsights',
  'Microsoft.PolicyInsights',
  'Microsoft.Resources',
  'Microsoft.Storage',
] as const;
const otherProvider = 'other';

/** Subscriptions, groups, and deployments below them belong to `Microsoft.Resources`. */
const defaultProvider = 'Microsoft.Resources';

/** Provider and type of the resource that a path ends with. */
function resourceOf(path: string): Pick<ArmRequest, 'provider' | 'resourceType'> {
  const segments = path.split('/').filter(Boolean);
  const at = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const namespace = at < 0 ? defaultProvider : (segments[at + 1] ?? defaultProvider);
  const provider = providers.find((known) => known.toLowerCase() === namespace.toLowerCase()) ?? otherProvider;
  // types and names alternate, after the provider or from the start
  const types = segments.slice(at < 0 ? 0 : at + 2).filter((_, index) => index % 2 === 0);
  return { provider, resourceType: [provider, ...types].join('/') };
}

function retryClassOf(method: string, status: number | null): RetryClass {
  if (status === null) return 'connection';
  // most reads ask whether something exists
  if (status < 400 || (status === 404 && method !== 'PUT')) return 'none';
  if (status === 429) return 'throttled';
  if (status === 408 || status >= 500) return 'transient';
  return status === 409 ? 'conflict' : 'refused';
}

const remainingHeader =
  /^x-ms-ratelimit-remaining-subscription-(reads|writes|deletes|global-(?:reads|writes|deletes))$/;

function remainingIn(path: string, headers: Record<string, string>): RemainingRequests[] {
  const subscriptionId = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1]?.toLowerCase();
  if (subscriptionId === undefined) return [];
  return Object.entries(headers).flatMap(([name, value]) => {
    const bucket = remainingHeader.exec(name)?.[1];
    const requests = Number(value);
    return bucket && Number.isFinite(requests) ? [{ subscriptionId, bucket, requests }] : [];
  });
}

/** Calls the observers with each request to ARM and its answer. */
export function observerPolicy(observers: readonly ArmObserver[]): PipelinePolicy {
  return {
    name: 'observer',
    async sendRequest(request, next) {
      const path = new URL(request.url).pathname;
      if (!/^\/(subscriptions|providers)\b/i.test(path)) return next(request);
      const { method } = request;
      const correlationId = request.headers.get('x-ms-correlation-request-id');
      const seen: ArmRequest = { method, path, ...resourceOf(path), correlationId };
      const ends = observers.map((observe) => observe(seen));
      const start = performance.now();
      const end = (status: number | null, headers: Record<string, string>): void => {
        const retry = retryClassOf(method, status);
        const seconds = (performance.now() - start) / 1000;
        const remaining = remainingIn(path, headers);
        for (const ended of ends) ended({ status, retry, seconds, requestId: headers['x-ms-request-id'], remaining });
      };
      try {
        const response = await next(request);
        end(response.status, response.headers.toJSON());
        return response;
      } catch (error) {
        end(null, {});
        throw error;
      }
    },
  };
}
