import type { PolicyHit } from './policyAnswers.ts';

/** A policy assignment, as ARM lists it. */
export interface PolicyAssignment {
  id?: string;
  properties?: { displayName?: string; enforcementMode?: string; metadata?: { assignedBy?: string } };
}

/** An exemption from a policy assignment, as ARM lists it. */
export interface PolicyExemption {
  id?: string;
  properties?: { policyAssignmentId?: string; policyDefinitionReferenceIds?: string[]; expiresOn?: string };
}

/** Where the exemption of a policy is made, and what is known about the assignments. */
export interface PolicyScope {
  scope: string;
  assignments: readonly PolicyAssignment[];
  exemptions: readonly PolicyExemption[];
}

/** A resource that Azure did not evaluate, and why. */
export interface RefusedQuestion {
  label: string;
  refusal: { code: string; message: string; remedy: string };
}

/** What Azure's policies answer to everything that a run will send. */
export interface PolicyFacts extends PolicyScope {
  hits: readonly PolicyHit[];
  refused: readonly RefusedQuestion[];
}
