import { assertMayDo } from '../domain/roles.ts';
import type { Operation } from '../domain/roles.ts';
import type { EnvironmentDeps } from './environmentDeps.ts';
import type { StoredEnvironment } from './environmentReader.ts';

/** The environment that a caller wants to change. Throws NotFound; Forbidden where the caller may not use the operation on it. */
export async function readForChange(
  { reader, caller }: Pick<EnvironmentDeps, 'reader' | 'caller'>,
  operation: Operation,
  name: string,
): Promise<StoredEnvironment> {
  const stored = await reader.getStored(name);
  assertMayDo(caller, operation, stored.record.owner);
  return stored;
}
