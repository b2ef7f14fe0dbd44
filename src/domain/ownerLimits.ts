import type { Spec } from './environment.ts';
import { parseDuration } from './lease.ts';
import { Problem } from './problem.ts';
import type { ValidationError } from './problem.ts';

/** What the environments of an owner may be. null: no limit. */
export interface OwnerLimits {
  /** environments at a time, all but deleted ones */
  readonly environments: number | null;
  readonly locations: readonly string[] | null;
  readonly instanceTypes: readonly string[] | null;
  /** the longest lease, as a duration like `3d` */
  readonly maxTtl: string;
}

/** The limits of all owners, and those that differ for some. */
export interface Policy {
  readonly everybody: OwnerLimits;
  readonly owners: Readonly<Record<string, Partial<OwnerLimits>>>;
}

type Wanted = Partial<Pick<Spec, 'location' | 'instanceType' | 'ttl'>>;

/** The limits of an owner. */
export const limitsOf = ({ everybody, owners }: Policy, owner: string): OwnerLimits => ({
  ...everybody,
  ...(Object.hasOwn(owners, owner) && owners[owner]),
});

/** The shorter of two durations. */
export const shorterOf = (a: string, b: string): string => (parseDuration(a)! <= parseDuration(b)! ? a : b);

const isAllowed = (allowed: readonly string[] | null, value: string): boolean =>
  allowed === null || allowed.some((one) => one.toLowerCase() === value.toLowerCase());

/** Throws ForbiddenByPolicy where the policy does not allow the spec, or the change of a lease, for an environment of that owner. */
export function assertWithinLimits(policy: Policy, owner: string, wanted: Wanted): void {
  const errors = limitErrors(limitsOf(policy, owner), wanted);
  if (errors.length > 0)
    throw new Problem(
      'ForbiddenByPolicy',
      `The policy of this installation does not allow it for ${owner}. Change the request, or ask an operator to change the policy.`,
      { errors },
    );
}

function limitErrors(limits: OwnerLimits, { location, instanceType, ttl }: Wanted): ValidationError[] {
  const errors: ValidationError[] = [];
  const listErrors = (path: string, allowed: readonly string[] | null, value: string | undefined): void => {
    if (value !== undefined && !isAllowed(allowed, value))
      errors.push({ path, message: `must be one of ${allowed!.join(', ')}` });
  };
  listErrors('/location', limits.locations, location);
  listErrors('/instanceType', limits.instanceTypes, instanceType);
  if (ttl !== undefined && parseDuration(ttl)! > parseDuration(limits.maxTtl)!)
    errors.push({ path: '/ttl', message: `must be at most ${limits.maxTtl}` });
  return errors;
}
