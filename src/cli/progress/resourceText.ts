import type { ResourceProgress } from '../../client/index.ts';

export const isSucceeded = (resource: ResourceProgress): boolean => resource.state === 'Succeeded';

/** `virtualNetworks/vnet-k3x9a0q7` or, of a nested resource, `subnets/vnet-k3x9a0q7/snet-scoring` from an ARM id. */
export function shortId(id: string): string {
  const [group = '', inProvider] = id.split('/providers/');
  if (inProvider === undefined) return group.split('/').slice(-2).join('/');
  const parts = inProvider.split('/').slice(1);
  const names = parts.filter((_, i) => i % 2 === 1);
  return [parts.at(-2) ?? '', ...names].join('/');
}
