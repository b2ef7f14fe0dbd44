import { ArmError } from '../arm/model.ts';
import type { JsonObject } from '../arm/model.ts';
import { BodyFault } from './bodyFault.ts';
import type { Fault } from './bodyFault.ts';
import { checkBody } from './checkBody.ts';
import { describedTypes } from './describedTypes.ts';

/** What ARM reads of every resource, whether its type has it or not. What the type has not is dropped. */
const envelope = new Set(
  `id name type apiversion location tags kind plan sku zones identity managedby managedbyextended extendedlocation etag properties systemdata
  placement`.split(/\s+/),
);

const shapes = new Map(Object.entries(describedTypes).map(([type, shape]) => [type.toLowerCase(), shape]));

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

/** `VirtualMachine` of `Microsoft.Compute/virtualMachines`. */
const classOf = (type: string): string =>
  capital(type.slice(type.lastIndexOf('/') + 1))
    .replace(/ies$/, 'y')
    .replace(/(ss)es$|s$/, '$1');

/**
 * The body of a PUT or PATCH as the type's service reads it: without unknown, read-only and (in a PUT) null members, names and enumerations as
 * Azure spells them. A body of a type without a description is returned as it is.
 * @throws ArmError 400, as the service says it, for what the type does not admit
 */
export function readBody(type: string, method: string, body: JsonObject): JsonObject {
  const shape = shapes.get(type.toLowerCase());
  if (shape === undefined) return body;
  try {
    const known: JsonObject = {};
    for (const [name, value] of Object.entries(body)) {
      const described = shape.members.has(name.toLowerCase());
      if (!described && !envelope.has(name.toLowerCase())) throw unknownTopMember(name);
      if (described) known[name] = value;
    }
    return checkBody(shape, known, method === 'PUT', classOf(type));
  } catch (error) {
    if (error instanceof BodyFault) throw refusal(type, error.fault);
    throw error;
  }
}

function unknownTopMember(name: string): BodyFault {
  const message = `Could not find member '${name}' on object of type 'ResourceDefinition'. Path '${name}'.`;
  return new BodyFault({ kind: 'unknown', path: name, member: name, message });
}

/** ARM's own words; also of the services whose words are not known. */
const byArm = ({ message }: Fault): ArmError =>
  new ArmError(
    400,
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${message}'.`,
  );

/** Network: one code for every fault of a body, details say which. */
const byNetwork = ({ message, path }: Fault): ArmError =>
  new ArmError(400, 'InvalidRequestFormat', 'Cannot parse the request.', {
    details: [{ code: 'InvalidJson', message, target: path }],
  });

/** Compute: azure-cli#21028, and Azure docs "Terminate notification for scale sets" for what is unknown. */
const byCompute = ({ kind, message, path, member }: Fault): ArmError =>
  kind === 'missing'
    ? new ArmError(400, 'InvalidParameter', `Required parameter '${member}' is missing (null).`, { target: path })
    : new ArmError(400, 'BadRequest', message, { target: path });

/** The member of `properties`, or of the resource itself, that a path leads into. */
const memberOf = ({ path }: Fault): string => path.replace(/^properties\./, '').replace(/[.[].*/, '');

/** Storage names the members with wrong values. */
function byStorage(fault: Fault): ArmError {
  if (fault.kind !== 'value') return byArm(fault);
  const help = /^(sku|kind)/.test(fault.path) ? ' For more information, see - https://aka.ms/storageaccounttypes' : '';
  const message = `Values for request parameters are invalid: ${memberOf(fault)}.${help}`;
  return new ArmError(400, 'InvalidValuesForRequestParameters', message);
}

/** Key Vault has words of its own for what is missing and for values. */
function byVault(fault: Fault): ArmError {
  const words = {
    missing: `The parameter ${memberOf(fault)} is not specified.`,
    value: `An invalid value was provided for '${memberOf(fault)}'.`,
    type: fault.message,
    unknown: fault.message,
  };
  return new ArmError(400, 'BadRequest', words[fault.kind]);
}

const services: readonly [RegExp, (fault: Fault) => ArmError][] = [
  [/^Microsoft\.Network\/(?!privateDnsZones)/i, byNetwork],
  [/^Microsoft\.Compute\//i, byCompute],
  [/^Microsoft\.Storage\//i, byStorage],
  [/^Microsoft\.KeyVault\//i, byVault],
];

/** What is wrong with the resource itself ARM refuses; below that, its service. */
function refusal(type: string, fault: Fault): ArmError {
  const [, answer = byArm] = services.find(([pattern]) => pattern.test(type)) ?? [];
  if (fault.path === 'location' && fault.kind === 'missing')
    return new ArmError(400, 'LocationRequired', 'The location property is required for this definition.');
  const ofArm = !fault.path.includes('.') && (fault.kind === 'unknown' || fault.kind === 'type');
  return ofArm ? byArm(fault) : answer(fault);
}
