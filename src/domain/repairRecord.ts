/** The last change of what was open, from Azure's activity log. */
export interface ChangedBy {
  /** a user's name, or the id of an application */
  caller: string;
  /** like `Microsoft.Storage/storageAccounts/write` */
  operation: string;
  /** ISO time */
  at: string;
}

/** What a `verify` run has closed again. */
export interface Repair {
  /** the failed row of the proof */
  check: string;
  /** ARM id of what was written or deleted */
  resource: string;
  action: 'written' | 'deleted';
  changedBy: ChangedBy | null;
  /** why `changedBy` is null */
  reason: string | null;
  /** when it was closed (ISO time) */
  at: string;
}
