import { useQuery } from '@tanstack/react-query';
import type { Spec } from '../../../../../src/client/index.ts';
import { aboutQuery } from '../../../api/queries.ts';

/** The sample request of an environment's model as text; null: there is none to show, undefined: not read yet. */
export function useSampleRequest(spec: Spec | null): string | null | undefined {
  const { data: about } = useQuery(aboutQuery);
  if (!spec) return null;
  const { model } = spec;
  if (typeof model !== 'string') return model.request === undefined ? null : textOf(model.request);
  if (!about) return undefined;
  const sample = about.samples.find((one) => one.model === model);
  return sample ? textOf(sample.request) : null;
}

/** JSON for people: an array of numbers stays in one line. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replaceAll(
    /\[\s+([^[\]{}"]*?)\s+\]/g,
    (_, items: string) => `[${items.replaceAll(/\s+/g, ' ')}]`,
  );
