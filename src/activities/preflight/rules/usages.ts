/** A quota with its usage, as machine learning, compute and network list it. */
export interface Usage {
  id?: string;
  type?: string;
  name?: { value?: string };
  currentValue?: number;
  limit?: number;
}

/** Dedicated cores of all families together; new subscriptions have 20. */
export const totalDedicated = 'TotalDedicatedCores';

/**
 * `standardDSv2Family` is also answered as `Standard DSv2 Family Cluster Dedicated vCPUs`, and the total as `Total Cluster Dedicated Regional
 * vCPUs` (azure-rest-api-specs: Usage/list).
 */
const quotaName = (name = ''): string =>
  name
    .replace(/^Total Cluster Dedicated Regional vCPUs$/i, totalDedicated)
    .replace(/ Cluster Dedicated vCPUs$/i, '')
    .replaceAll(' ', '')
    .toLowerCase();

/** `used` of the `limit` of a quota; undefined where Azure lists none. A negative limit is none (ML usages). */
export function quotaOf(usages: readonly Usage[], quota: string): { used: number; limit: number } | undefined {
  const found = usages.find(({ name }) => quotaName(name?.value) === quotaName(quota));
  if (found?.limit === undefined) return undefined;
  return { used: found.currentValue ?? 0, limit: found.limit < 0 ? Infinity : found.limit };
}

/** Rows of dedicated cores of the whole subscription. Low-priority rows and those of one workspace have the same names. */
export const isDedicated = ({ id, type }: Usage): boolean =>
  /\/(dedicatedCores|totalDedicatedCores|vmFamily)\/usages$/i.test(type ?? '') && !/\/workspaces\//i.test(id ?? '');
