import type { OidcConfig } from '../../config.ts';
import { Problem } from '../../domain/problem.ts';
import { roles } from '../../domain/roles.ts';
import type { Caller, Role } from '../../domain/roles.ts';
import { ownerPattern } from '../newEnvironment.ts';

/** Claims of a verified token. */
export type Claims = Record<string, unknown>;

const isObject = (value: unknown): value is Claims => value !== null && typeof value === 'object';

const memberOf = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** A claim by its name, or by a path like `realm_access.roles`. */
const claimAt = (claims: Claims, path: string): unknown =>
  memberOf(claims, path) ?? path.split('.').reduce<unknown>(memberOf, claims);

/** The highest role that the claim names, as `moat.operator`: the claim may have roles of other applications too. */
function roleOf(claims: Claims, { roleClaim }: OidcConfig): Role | undefined {
  const named = [claimAt(claims, roleClaim)].flat();
  return roles.findLast((role) => named.includes(`moat.${role}`));
}

/** By default the first of `preferred_username`, `email` and `sub`. An address that is not verified could be anyone's. */
function nameOf(claims: Claims, { nameClaim }: OidcConfig): unknown {
  if (nameClaim !== null) return claimAt(claims, nameClaim);
  const { preferred_username: userName, email, email_verified: verified, sub } = claims;
  return userName ?? (verified === false ? undefined : email) ?? sub;
}

/** The caller that a token names. Throws Forbidden where it names no role, or no usable name. */
export function callerOf(claims: Claims, oidc: OidcConfig, via: 'oidc' | 'session'): Caller {
  const name = nameOf(claims, oidc);
  if (typeof name !== 'string' || !new RegExp(ownerPattern).test(name))
    throw new Problem(
      'Forbidden',
      'The token has no usable name: letters, digits and @ . _ + -, at most 128. An operator can choose its claim with MOAT_OIDC_NAME_CLAIM.',
    );
  const role = roleOf(claims, oidc);
  if (role === undefined)
    throw new Problem(
      'Forbidden',
      `The token of ${name} names no role of Moat. Ask an administrator of the provider: the claim ${oidc.roleClaim} must have one of ${roles.map((one) => `moat.${one}`).join(', ')}.`,
    );
  return { name, role, via };
}
