import type { Call } from '../http/call.ts';
import { ArmError } from './model.ts';
import type { Resource } from './model.ts';
import { etagOf } from './toArm.ts';
import type { EmulatedCloud } from '../state/cloud.ts';

/** Throws 412 where `If-Match` or `If-None-Match: *` does not match the resource. */
export function checkPreconditions(cloud: EmulatedCloud, call: Call, existing: Resource | undefined): void {
  const [match, none] = [call.headers['if-match'], call.headers['if-none-match']];
  const fits = match === undefined || (existing !== undefined && (match === '*' || match === etagOf(cloud, existing)));
  if (!fits || (none === '*' && existing))
    throw new ArmError(412, 'PreconditionFailed', 'The condition of the If-Match or If-None-Match header is not met.');
}
