import { ParentClosePolicy, proxyActivities, startChild, uuid4 } from '@temporalio/workflow';
import type { SweepActivities } from '../activities/sweep/sweepActivities.ts';
import type { WebhookEvent } from '../domain/webhookEvent.ts';
import { taskQueues } from './messages.ts';

/** A webhook that does not respond is given up after half a day. */
const { deliverWebhook } = proxyActivities<SweepActivities>({
  taskQueue: taskQueues.workflows,
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '12 hours',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 hour', backoffCoefficient: 3 },
});

/** Delivers events to the webhook, each until it is acknowledged or given up. A failure affects nothing else. */
export async function deliverEvents({ events }: { events: { id: string; event: WebhookEvent }[] }): Promise<void> {
  await Promise.allSettled(
    events.map((event) => deliverWebhook.executeWithOptions({ summary: event.event.type }, [event])),
  );
}

/** Events in one workflow. */
const batchSize = 100;

/** Publishes events by workflows of their own, so that the caller neither waits nor fails. */
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
