import { useCallback, useEffect, useState } from 'react';
import type { Schema } from './specSchema.ts';

/** What was entered, as text, by the JSON pointer of its member. What was not changed is absent. */
export type Draft = Readonly<Record<string, string>>;

/** The value of `/model` that selects the alternative which is an object. */
export const ownModel = 'own';

/** The key under which the form keeps whether a half of the sample is JSON or a file. */
export const sourceKey = (pointer: string): string => `${pointer}?source`;

const storageKey = 'moat-new-environment';

function storedDraft(): Draft {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Draft;
  } catch {
    return {};
  }
}

/** The draft, which survives a reload of the page. It starts with the location of the schema's example. `change` sets one member. */
export function useDraft(schema: Schema): { draft: Draft; change: (pointer: string, text: string) => void } {
  const [draft, setDraft] = useState<Draft>(() => ({ '/location': exampleOf(schema, 'location'), ...storedDraft() }));
  useEffect(() => sessionStorage.setItem(storageKey, JSON.stringify(draft)), [draft]);
  const change = useCallback((pointer: string, text: string) => setDraft((old) => ({ ...old, [pointer]: text })), []);
  return { draft, change };
}

/** The schema's own example of a member; empty where it has none. */
export function exampleOf(schema: Schema, member: string): string {
  const [example] = (schema.examples ?? []) as (Record<string, unknown> | undefined)[];
  return defaultText(example?.[member]);
}

/** Removes the stored draft. */
export const clearDraft = (): void => sessionStorage.removeItem(storageKey);

/** What a field shows: what was entered, or else the schema's default. */
export const textOf = (draft: Draft, pointer: string, schema: Schema): string =>
  draft[pointer] ?? defaultText(schema.default);

/** A default as it would be entered. */
export function defaultText(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Members that mean something only beside a value of another one. */
const dependent: Record<string, [other: string, value: string]> = {
  '/outboundRules': ['/isolation', 'managedNetwork'],
  '/resourceGroup': ['/adopt', 'true'],
  '/takeOver': ['/adopt', 'true'],
};

/** The plan has it: creating what a plan shows is the consent to it. */
const fromPlan = '/adoptionDigest';

const isMeaningful = (pointer: string, draft: Draft): boolean => {
  const [other, value] = dependent[pointer] ?? [];
  if (pointer === fromPlan) return false;
  return other === undefined || draft[other] === value;
};

/**
 * The members of an object that the form shows. A request or an answer is either JSON or a file: a member `xFile` hides `x`, or the other way
 * round, and a content type belongs to a file.
 */
export function shownMembers(schema: Schema, pointer: string, draft: Draft): [string, Schema][] {
  const properties = schema.properties ?? {};
  const isFile = (member: string): boolean => draft[sourceKey(`${pointer}/${member}`)] === 'file';
  return Object.entries(properties).filter(([member]) => {
    if (!isMeaningful(`${pointer}/${member}`, draft)) return false;
    if (`${member}File` in properties) return !isFile(member);
    const half = member.replace(/File$|ContentType$/, '');
    return half === member || isFile(half);
  });
}

/** Of a member `xFile`, the member `x` that it replaces. */
export function jsonHalfOf({ properties = {} }: Schema, member: string): string | undefined {
  const half = member.replace(/File$/, '');
  return half !== member && half in properties ? half : undefined;
}

/** Whether a member must be given: by the schema, or because it is the selected source of a half of the sample. */
export const isRequired = (schema: Schema, member: string): boolean =>
  (schema.required ?? []).includes(member) ||
  `${member}File` in (schema.properties ?? {}) ||
  jsonHalfOf(schema, member) !== undefined;
