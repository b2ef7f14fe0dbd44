import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { ArmObserver } from '../../azure/armObserver.ts';

/** Metrics of the requests to ARM. Each attempt counts: also those that `readRetry.ts` or Temporal repeats. */
export function createArmMetrics(registry: Registry): ArmObserver {
  const registers = [registry];
  const requests = new Counter({
    name: 'moat_arm_requests_total',
    help: 'Requests to Azure Resource Manager, by resource provider, method, status (none: no answer) and retry class',
    labelNames: ['provider', 'method', 'status', 'retry'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'moat_arm_request_duration_seconds',
    help: 'Time from a request to Azure Resource Manager to its answer, by resource provider',
    labelNames: ['provider'] as const,
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 75],
    registers,
  });
  const remaining = new Gauge({
    name: 'moat_arm_remaining_requests',
    help: 'Requests that Azure Resource Manager still accepted, as it reported last, by subscription and token bucket',
    labelNames: ['subscription', 'bucket'] as const,
    registers,
  });
  return ({ provider, method }) =>
    (answer) => {
      requests.inc({ provider, method, status: answer.status ?? 'none', retry: answer.retry });
      durations.observe({ provider }, answer.seconds);
      for (const { subscriptionId: subscription, bucket, requests: count } of answer.remaining)
        remaining.set({ subscription, bucket }, count);
    };
}
