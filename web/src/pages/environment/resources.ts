import type { Environment, ResourceProgress } from '../../../../src/client/index.ts';

/** The resource group of these resources; undefined where there is none yet. */
export const groupOf = (resources: readonly Pick<ResourceProgress, 'id'>[]): string | undefined =>
  /\/resourceGroups\/([^/]+)/i.exec(resources[0]?.id ?? '')?.[1];

/** Like `7 resources`. */
export const countText = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The resource's page in the portal; undefined on the emulator, which has none. The environment's own link has the portal's address. */
export function portalLink({ links: { portal } }: Environment, id: string): string | undefined {
  const start = portal?.indexOf('/subscriptions/') ?? -1;
  return start === -1 ? undefined : `${portal!.slice(0, start)}${id}`;
}
