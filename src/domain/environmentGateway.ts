import type { EnvironmentRef } from './naming.ts';

/** The environment for which a provisioning run is about to begin. */
export interface ProvisionRequest {
  ref: EnvironmentRef;
  owner: string;
  /** ISO time */
  createdAt: string;
}

/** What a provisioning run has to know before it begins. */
export interface Admission {
  /** when an environment with the same globally unique names was deleted (ISO time): Azure may still hold them */
  namesFreedAt?: string;
  /** the owner had many environments being provisioned when this one was requested */
  ownerIsBusy: boolean;
}

/** Access of an environment's workflow to Temporal. */
export interface EnvironmentGateway {
  /** Returns when the suffix was released before (ISO time), as far as it is known. Throws Problem SuffixInUse where another environment holds it. */
  claimSuffix(ref: EnvironmentRef): Promise<string | undefined>;
  /** Releases the suffix unless another environment holds it. */
  releaseSuffix(ref: EnvironmentRef): Promise<void>;
  /** Whether the owner has many environments being provisioned that were requested before `createdAt` (ISO time). */
  isOwnerBusy(owner: string, createdAt: string): Promise<boolean>;
}
