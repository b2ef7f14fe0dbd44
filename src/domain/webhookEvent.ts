/** An event that is posted to MOAT_WEBHOOK_URL. */
export interface WebhookEvent {
  type:
    | 'environment.marked'
    | 'environment.teardownStarted'
    | 'environment.deleted'
    | 'environment.sealAltered'
    | 'environment.isolation-broken'
    | 'environment.isolation-restored'
    | 'sweep.stopped';
  /** ISO 8601, UTC */
  at: string;
  /** null: the event concerns the sweep as a whole */
  environment: { name: string; subscriptionId: string; owner: string | null; expiresAt: string | null } | null;
  /** the sweep that caused it; null: a proof did */
  sweep: string | null;
  /** for people */
  message: string;
}
