import type { SecondsRange } from './durations.ts';
import type { Spec } from './spec.ts';

/** How a deployment can be isolated. */
export type Method = Spec['isolation'];
export const methods = ['privateEndpoints', 'managedNetwork'] as const satisfies readonly Method[];

/** What a new environment of a spec costs and takes with one of the methods. */
export interface MethodFigures {
  isolation: Method;
  /** sum of the known prices */
  perHour: number;
  /** estimates along the critical path */
  minSeconds: number;
  maxSeconds: number;
}

/** Estimated seconds of a new environment's run, by method. */
export type MethodSeconds = Record<Method, SecondsRange>;

/** A value of a spec with each method. */
export const byMethod = <T>(spec: Spec, valueOf: (spec: Spec) => T): Record<Method, T> => ({
  privateEndpoints: valueOf({ ...spec, isolation: 'privateEndpoints' }),
  managedNetwork: valueOf({ ...spec, isolation: 'managedNetwork' }),
});
