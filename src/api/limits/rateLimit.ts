import fastifyRateLimit from '@fastify/rate-limit';
import type { Caller } from '../../domain/roles.ts';
import { HttpProblem } from '../problems.ts';
import type { App } from '../route.ts';

const minute = 60_000;
/** Callers whose requests are counted at a time; beyond it, the count of the caller who has sent nothing for the longest time begins again. */
const countedCallers = 10_000;

/** A request as the limit reads it: that of a public route has no caller. */
interface CountedRequest {
  caller?: Caller;
  routeOptions: { url?: string | undefined };
}

/**
 * Limits the requests of each caller in a minute, counted in this process; 0: no limit. Callers without a name are not counted: those on loopback where
 * nobody authenticates, and those of public routes. They have an address in common, on loopback or behind a proxy. Registered after authentication, before
 * the routes.
 */
export async function registerRateLimit(app: App, perMinute: number): Promise<void> {
  if (perMinute === 0) return;
  await app.register(fastifyRateLimit, {
    max: perMinute,
    timeWindow: minute,
    cache: countedCallers,
    // `ratelimit-limit`, `ratelimit-remaining` and `ratelimit-reset` (IETF draft) instead of `x-ratelimit-…`
    enableDraftSpec: true,
    keyGenerator: ({ caller }: CountedRequest) => caller?.name ?? '',
    allowList: ({ caller, routeOptions: { url } }: CountedRequest) =>
      caller === undefined || caller.via === 'local' || url === '/metrics',
    errorResponseBuilder: ({ caller }, { max, after }) =>
      new HttpProblem(
        'TooManyRequests',
        `${caller.name} has sent more than ${max} requests within a minute. Repeat the request in ${after}. Follow changes by an event stream instead of polling.`,
      ),
  });
}
