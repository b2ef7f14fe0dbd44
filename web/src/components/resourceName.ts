import type { Blocker } from '../../../src/client/index.ts';

/** A resource's own name, with that of its parents, and its type. */
export function nameAndType(id: string): { name: string; type: string } {
  const [, provider] = id.split(/\/providers\/(?!.*\/providers\/)/i);
  if (provider === undefined) return { name: id.split('/').at(-1) ?? id, type: 'resource group' };
  const [namespace, ...parts] = provider.split('/');
  const types = parts.filter((_, i) => i % 2 === 0);
  return { name: parts.filter((_, i) => i % 2 === 1).join('/'), type: `${namespace}/${types.join('/')}` };
}

/** What prevents a deletion, with the name of the resource. */
export const blockerText = ({ resource, reason }: Blocker): string => `${nameAndType(resource).name}: ${reason}`;
