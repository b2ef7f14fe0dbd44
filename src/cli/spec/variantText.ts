import type { NewEnvironment } from '../../client/index.ts';
import { optionName, specLeaves } from './specOptions.ts';

/** Members that every environment has its own values of. */
const own = ['location', 'owner', 'suffix', 'ttl'];

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((object, name) => (object as Record<string, unknown> | undefined)?.[name], value);

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : Array.isArray(value) ? value.join(',') : JSON.stringify(value);

const quoted = (text: string): string => (/^[\w./:@,+{}-]+$/.test(text) ? text : `'${text}'`);

/** What of a spec differs from the defaults, as the options of `moat up`; empty where nothing does. */
export function variantText(spec: NewEnvironment): string {
  const options = specLeaves().flatMap((leaf) => {
    const value = valueAt(spec, leaf.path);
    const isDefault =
      value === (leaf.schema.default ?? false) || JSON.stringify(value) === JSON.stringify(leaf.schema.default);
    if (own.includes(leaf.path[0]!) || value === undefined || isDefault || isObject(value)) return [];
    return value === true ? `--${optionName(leaf)}` : `--${optionName(leaf)} ${quoted(textOf(value))}`;
  });
  const rules = spec.outboundRules?.length ?? 0;
  return [...options, ...(rules > 0 ? [`(outboundRules: ${rules})`] : [])].join(' ');
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
