import type { Permission } from '../../../domain/roleDefinitions.ts';
import { valueAt } from './resourceFact.ts';

/** An existing resource that the spec names. */
export interface BroughtFact {
  /** key in the catalogue, or `subnet` */
  key: string;
  id: string;
  type: string;
  /** for messages, e.g. `container registry crteam` */
  label: string;
  /** in ARM's shape; undefined where it does not exist */
  body: Record<string, unknown> | undefined;
  /** of the caller, at this resource */
  permissions: Permission[];
}

/** A private DNS zone of a name that private endpoints need. */
export interface ZoneFact {
  id: string;
  name: string;
  /** ids of the networks that it is linked to, each with the environment of Moat that made the link */
  links: { network: string; environment: string | undefined }[];
  /** its A records, where the spec names the zone */
  records: { name: string; addresses: string[] }[];
}

/** Those of some keys that exist. */
export const existingOf = (brought: readonly BroughtFact[], ...keys: readonly string[]): BroughtFact[] =>
  brought.filter(({ key, body }) => keys.includes(key) && body !== undefined);

/** The value below a path of members of a resource. */
export const at = ({ body }: BroughtFact, path: string): unknown => valueAt(body, path);

/** The list below a path; empty for anything else. */
export function listAt(fact: BroughtFact, path: string): unknown[] {
  const value = at(fact, path);
  return Array.isArray(value) ? value : [];
}

/** The text below a path; `absent` for anything else. */
export function textAt(fact: BroughtFact, path: string, absent: string): string {
  const value = at(fact, path);
  return typeof value === 'string' && value !== '' ? value : absent;
}

export const sameText = (one: unknown, other: string): boolean =>
  typeof one === 'string' && one.toLowerCase() === other.toLowerCase();
