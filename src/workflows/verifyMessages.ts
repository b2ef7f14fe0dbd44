import type { Proof, Spec } from '../domain/environment.ts';
import type { IsolationSpec } from '../domain/isolationSpec.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { RowVerdict } from '../domain/proof.ts';
import type { Repair } from '../domain/repairRecord.ts';

/** Input of the workflow `verify`, with what the spec opens: absent members are closed. */
export interface VerifyInput extends Partial<IsolationSpec> {
  ref: EnvironmentRef;
  runId: string;
  /** of the environment's previous proof; absent: there is none */
  previousVerdicts?: RowVerdict[];
  /** of the spec */
  onDrift: Spec['onDrift'];
  /** when the environment was last proved, or requested (ISO time): who changed it since is of interest */
  since: string;
}

/** Result of the workflow `verify`. */
export interface VerifyResult {
  /** the last one: after repairs, where there were any */
  proof: Proof;
  repairs: Repair[];
  /** the proof before the repairs; null where nothing was repaired */
  brokenProof: Proof | null;
}
