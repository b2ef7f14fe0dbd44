import type { Cloud, Instant, Json, Resource } from '../arm/model.ts';
import { at, textAt } from './jsonPath.ts';

/** `PT1M30S` in seconds; the default of Azure where it is no such duration (Azure docs: deployment YAML, request_timeout_ms). */
function secondsOf(duration: string): number {
  const [, minutes = '0', seconds = '0'] = /^PT(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
  return Number(minutes) * 60 + Number(seconds) || 5;
}

/** How long a deployment may work on one request, in seconds. */
export const requestTimeoutOf = ({ properties }: Resource): number =>
  secondsOf(textAt(properties, 'requestSettings', 'requestTimeout'));

/**
 * Requests at once that are answered; more get 429: 2 * max_concurrent_requests_per_instance * instance_count (Azure docs: troubleshoot
 * online endpoints, HTTP status codes).
 */
function concurrencyLimitOf({ properties, sku }: Resource): number {
  const perInstance = Number(at(properties, 'requestSettings', 'maxConcurrentRequestsPerInstance') ?? 1);
  return 2 * perInstance * Number(sku?.['capacity'] ?? 1);
}

/** Whether the deployment takes one more request at an instant. If so, the request occupies it for so many seconds. */
export function occupy(cloud: Cloud, deployment: Resource, from: Instant, seconds: number): boolean {
  const key = `scoring:running:${deployment.id.toLowerCase()}`;
  const running = ((cloud.objects.get(key) ?? []) as [Instant, Instant][]).filter(([, until]) => until > from);
  if (running.filter(([since]) => since <= from).length >= concurrencyLimitOf(deployment)) return false;
  cloud.objects.put(key, [...running, [from, from + seconds * 1000 * cloud.timeScale]] as Json);
  return true;
}
