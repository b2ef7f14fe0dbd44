import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { ListedEnvironment } from '../../../../src/client/index.ts';

export interface Filter {
  /** the beginning of the name */
  q: string;
  /** empty: every state */
  state: string;
  /** empty: every owner */
  owner: string;
}

/** The filter, which is in the address of the page, and a function that changes parts of it. */
export function useFilter(): [Filter, (change: Partial<Filter>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const filter = useMemo(() => {
    const valueOf = (name: keyof Filter): string => parameters.get(name) ?? '';
    return { q: valueOf('q'), state: valueOf('state'), owner: valueOf('owner') };
  }, [parameters]);
  const change = (changed: Partial<Filter>): void =>
    setParameters(
      Object.entries({ ...filter, ...changed }).filter(([, value]) => value !== ''),
      { replace: true },
    );
  return [filter, change];
}

/** Whether the environment is shown. */
export const matches = ({ name, state, owner }: ListedEnvironment, filter: Filter): boolean =>
  name.startsWith(filter.q) &&
  (filter.state === '' || filter.state === state) &&
  (filter.owner === '' || filter.owner === owner);

/** How many of the environments are in each state; states without any are absent. */
export function countByState(environments: readonly ListedEnvironment[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of environments) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
