import { nearest } from './armTypes.ts';
import type { ArmType } from './armTypes.ts';
import type { Exchange } from './recordExchanges.ts';
import { violations } from './validate.ts';

/** A violation of a published type, with how often it was met. */
export interface Finding {
  /** `request` or `answer`, type, api-version of the types, and the violation */
  text: string;
  count: number;
}

interface Addressed {
  type: string;
  /** whether the path is of a list */
  list: boolean;
}

/** The resource type that a path addresses; undefined for actions and for what is no resource. */
export function addressedType(path: string): Addressed | undefined {
  const provider = path.split(/\/providers\//i).at(-1)!;
  if (provider === path) {
    const [, subscriptions, , groups, , more] = path.split('/');
    const isGroup = /^subscriptions$/i.test(subscriptions ?? '') && /^resourcegroups$/i.test(groups ?? '') && !more;
    return isGroup ? { type: 'Microsoft.Resources/resourceGroups', list: path.split('/').length === 4 } : undefined;
  }
  const [namespace, ...segments] = provider.split('/');
  const types = segments.filter((_, index) => index % 2 === 0);
  return { type: [namespace, ...types].join('/'), list: segments.length % 2 === 1 };
}

/** What all requests and answers have that the published types have not; and the types that were met. */
export function checkExchanges(
  types: readonly ArmType[],
  exchanges: readonly Exchange[],
): { findings: Finding[]; requested: Set<string>; requestedPaths: Set<string>; answered: Set<string> } {
  const counts = new Map<string, number>();
  const [requested, requestedPaths, answered] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { method, path, version, request, status, answer } of exchanges) {
    const address = addressedType(path);
    const type = address && nearest(types, address.type, version);
    if (!type || method === 'POST') continue;
    const report = (direction: 'request' | 'answer', lines: readonly string[]) => {
      for (const line of lines) {
        const text = `${direction} ${type.type}@${type.version} ${line}`;
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    };
    if (!address.list && request !== undefined) {
      requested.add(type.type);
      requestedPaths.add(path);
      report('request', method === 'PATCH' ? patchViolations(type, request) : violations(type, request, 'request'));
    }
    // An answer 202 does not have the resource: private DNS sends an empty object.
    if (status === 202 || status >= 300 || answer === undefined) continue;
    const bodies = address.list ? ((answer as { value?: unknown[] }).value ?? []) : [answer];
    for (const body of bodies) {
      answered.add(type.type);
      report('answer', violations(type, body, 'answer'));
    }
  }
  const findings = [...counts].map(([text, count]) => ({ text, count }));
  return { findings, requested, requestedPaths, answered };
}

/** A PATCH may leave out what is required; the `operation` of a PATCH of tags is no member of the resource. */
function patchViolations(type: ArmType, body: unknown): string[] {
  const { operation: _, ...members } = body as Record<string, unknown>;
  return violations(type, members, 'request').filter((line) => !line.endsWith(': is required'));
}
