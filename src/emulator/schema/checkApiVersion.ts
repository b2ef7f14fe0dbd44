import { ArmError } from '../arm/model.ts';
import { groupType } from '../arm/ids.ts';
import { regions } from '../arm/regions.ts';
import { publishedVersions } from './apiVersions.ts';

/** ARM itself refuses, and not the resource provider. */
const gateway = { headers: { 'x-ms-failure-cause': 'gateway' } };

/** ARM's refusal of a version that a type has not got. With a location, the one of a PUT (Azure docs: common deployment errors). */
export function versionRefusal(
  type: string,
  version: string,
  supported: readonly string[],
  location: string | undefined,
): ArmError {
  const [namespace, ...types] = type.split('/');
  const offered = `The supported api-versions are '${supported.join(', ')}'.`;
  if (location === undefined) {
    const what = `The resource type '${types.join('/')}' could not be found in the namespace '${namespace}'`;
    return new ArmError(400, 'InvalidResourceType', `${what} for api version '${version}'. ${offered}`, gateway);
  }
  const what = `No registered resource provider found for location '${location}' and API version '${version}' for type '${types.join('/')}'`;
  const places = `The supported locations are '${[...regions.keys()].join(', ')}'.`;
  return new ArmError(400, 'NoRegisteredProviderFound', `${what}. ${offered} ${places}`, gateway);
}

/**
 * Throws ARM's 400 where the query has no api-version, a malformed one, or one that the addressed type has never had. What is no resource
 * (actions, lists of a location) takes any version of its namespace; namespaces that are not emulated take all.
 */
export function checkApiVersion(
  version: string | undefined,
  { type, isResource, location }: { type: string; isResource: boolean; location: string | undefined },
): void {
  if (version === undefined || version === '')
    throw new ArmError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
      gateway,
    );
  const core = type === '' || type === groupType || /^[^/]+\/(un)?register$/i.test(type);
  const listed = isResource ? type : (type.split('/')[0] ?? '');
  const supported = publishedVersions(core ? groupType : listed);
  const wellFormed = /^\d{4}-\d{2}-\d{2}(-(preview|alpha|beta|privatepreview))?$/i.test(version);
  if (wellFormed && (supported.length === 0 || supported.includes(version.toLowerCase()))) return;
  if (core || !wellFormed) {
    const offered = core ? ` The supported versions are '${supported.join(',')}'.` : '';
    throw new ArmError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid.${offered}`,
      gateway,
    );
  }
  throw versionRefusal(type, version, supported, location);
}
