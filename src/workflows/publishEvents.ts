import { ParentClosePolicy, proxyActivities, startChild, uuid4 } from '@temporalio/workflow';
import type { SweepActivities } from '../activities/sweep/sweepActivities.ts';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import { taskQueues } from './messages.ts';

/** Delivery to a webhook that does not respond ends after 12 hours. */
const { deliverWebhook } = proxyActivities<SweepActivities>({
  taskQueue: taskQueues.workflows,
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '12 hours',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 hour', backoffCoefficient: 3 },
});

/** Delivers events to the webhook, each until the webhook acknowledges it or the delivery times out. A failed delivery affects nothing else. */
export async function deliverEvents({ events }: { events: { id: string; event: WebhookEvent }[] }): Promise<void> {
  await Promise.allSettled(
    events.map((event) => deliverWebhook.executeWithOptions({ summary: event.event.type }, [event])),
  );
}

/** Number of events per workflow. */
const batchSize = 100;

/** Publishes events in separate workflows, so that the caller neither waits for the webhook nor fails with it. */
export async function publishEvents(events: readonly WebhookEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += batchSize) {
    const batch = events.slice(from, from + batchSize).map((event) => ({ id: uuid4(), event }));
    await startChild(deliverEvents, {
      workflowId: `webhook-${batch[0]!.id}`,
      args: [{ events: batch }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `deliver ${batch.length} events`,
    });
  }
}
