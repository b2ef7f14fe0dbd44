import { DefaultAzureCredential } from '@azure/identity';
import type { TokenCredential } from '@azure/core-auth';
import { createRestError, getClient } from '@azure-rest/core-client';
import type { ClientOptions } from '@azure-rest/core-client';
import moat from '../../package.json' with { type: 'json' };
import type { Target } from '../domain/environment.ts';
import { apiVersionPolicy } from './apiVersionFallback.ts';
import { observerPolicy } from './armObserver.ts';
import type { ArmObserver } from './armObserver.ts';
import { createClients } from './clients.ts';
import type { Clients } from './clients.ts';
import { parseArmError } from './parseArmError.ts';
import type { ArmError } from './parseArmError.ts';
import { createGenericClient } from './genericClient.ts';
import type { GenericClient } from './genericClient.ts';
import { endpointPolicy } from './endpointPolicy.ts';
import { createOperations } from './operations.ts';
import type { Operations } from './operations.ts';
import { previewPolicy, previewRequest } from './previewRequest.ts';
import { rateLimitPolicy } from './rateLimit.ts';
import { probeEmulated, probeDirectly, withIdentity } from './probe.ts';
import type { Probe } from './probe.ts';
import { readRetryPolicy } from './readRetry.ts';
import { correlationPolicy, capturePolicy, withRequestContext } from './requestContext.ts';

/** The Azure Resource Manager to call. `ca` is a PEM that its certificate is checked against. */
export type AzureTarget =
  | { kind: 'emulator'; endpoint: string; ca: string; timeScale: number }
  | { kind: 'azure'; endpoint?: string; ca?: string };

/** The access of the activities to Azure. */
export interface Azure {
  target: Target;
  subscriptionIds: readonly string[];
  /** The typed clients of a subscription. Throws RangeError on one that is not configured. */
  clients(subscriptionId: string): Clients;
  generic: GenericClient;
  operations: Operations;
  /** the request that a call of the SDK would send, which is not sent */
  previewRequest: typeof previewRequest;
  /** converts seconds of Azure's time to milliseconds; fewer with an emulator, whose clock runs faster */
  delayMs(seconds: number): number;
  /** probes a URL from outside the virtual network */
  probeOutside: Probe;
  /** ARM's clock minus this machine's at the last answer, in milliseconds; null before the first answer */
  clockSkewMs(): number | null;
  /** runs a function whose requests carry an activity's cancellation and correlation id */
  withRequestContext: typeof withRequestContext;
  /** converts an error of any SDK to plain data */
  errorOf(thrown: unknown): ArmError;
}

const armScope = 'https://management.azure.com/.default';
const publicEndpoint = 'https://management.azure.com';
const defaultWaitSeconds = 5;

/** The emulator accepts any bearer token; credentials of Azure are never sent to it. */
const emulatorCredential: TokenCredential = {
  getToken: async () => ({ token: 'emulator', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/**
 * Connects to the emulator or to Azure; no other code of the worker distinguishes them. `observers` see each request. Throws RangeError when an
 * emulator's endpoint is Azure's.
 */
export function connectAzure(
  target: AzureTarget,
  subscriptionIds: readonly string[],
  observers: readonly ArmObserver[] = [],
): Azure {
  const emulated = target.kind === 'emulator';
  const endpoint = target.endpoint ?? publicEndpoint;
  if (emulated && /(^|\.)azure\.(com|us|cn)$/i.test(new URL(endpoint).hostname)) {
    throw new RangeError(`${endpoint} is Azure, not an emulator`);
  }
  const timeScale = emulated ? target.timeScale : 1;
  const pace = (seconds: number) => Math.max(20, Math.round(seconds * 1000 * timeScale));
  let skewMs: number | null = null;

  const options: ClientOptions & { endpoint: string; credentialScopes: string } = {
    endpoint,
    credentials: { scopes: [armScope] },
    credentialScopes: armScope,
    // Temporal retries writes; a retry here would hold the activity's slot and start a second operation.
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: `moat/${moat.version}` },
    additionalPolicies: [
      { policy: previewPolicy, position: 'perCall' },
      { policy: correlationPolicy, position: 'perCall' },
      { policy: readRetryPolicy, position: 'perCall' },
      { policy: apiVersionPolicy(), position: 'perCall' },
      { policy: rateLimitPolicy(1 / timeScale), position: 'perRetry' },
      { policy: endpointPolicy(endpoint), position: 'perRetry' },
      ...(observers.length > 0 ? [{ policy: observerPolicy(observers), position: 'perRetry' } as const] : []),
      {
        policy: capturePolicy(({ headers }) => {
          const date = Date.parse(headers['date'] ?? '');
          if (!Number.isNaN(date)) skewMs = date - Date.now();
        }),
        position: 'perRetry',
      },
    ],
    ...(target.ca === undefined ? {} : { tlsOptions: { ca: target.ca } }),
  };

  const credential = emulated ? emulatorCredential : new DefaultAzureCredential();
  const client = getClient(endpoint, credential, options);
  const known = new Map<string, Clients>();
  return {
    target: target.kind,
    subscriptionIds,
    clients(subscriptionId) {
      if (!subscriptionIds.some((id) => id.toLowerCase() === subscriptionId.toLowerCase())) {
        throw new RangeError(`subscription ${subscriptionId} is not configured`);
      }
      const found = known.get(subscriptionId) ?? createClients(credential, subscriptionId, options);
      known.set(subscriptionId, found);
      return found;
    },
    generic: createGenericClient(client),
    operations: createOperations(client, endpoint, () => pace(defaultWaitSeconds)),
    previewRequest,
    delayMs: pace,
    probeOutside: withIdentity(
      emulated
        ? probeEmulated(async (question) => {
            const response = await client.pathUnchecked('/_emulator/outside').post({ body: question });
            if (Number(response.status) >= 400) throw createRestError(response);
            return response.body as unknown;
          })
        : probeDirectly,
      async (scope) => (await credential.getToken(scope))?.token,
    ),
    clockSkewMs: () => skewMs,
    withRequestContext,
    errorOf: parseArmError,
  };
}
