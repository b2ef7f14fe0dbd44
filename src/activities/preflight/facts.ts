import type { Spec } from '../../domain/environment.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { Lock } from '../../domain/blockers.ts';
import type { Permission } from '../../domain/roleDefinitions.ts';
import type { Usage } from './rules/usages.ts';
import type { FoundAdoption } from '../adoption/readAdoption.ts';
import type { BroughtFact, ZoneFact } from './rules/broughtFact.ts';
import type { PolicyFacts } from './rules/policyFacts.ts';
import type { ResourceFact } from './rules/resourceFact.ts';

/** What the caller asked for, and its group. Read before everything else. */
export interface EnvironmentFacts {
  ref: EnvironmentRef;
  spec: Spec;
  specHash: string;
  groupExists: boolean;
  /** the group has this installation's ownership tag */
  sealed: boolean;
  groupTags: Record<string, string>;
  /** ids of the resources in the group, where it is sealed or being adopted */
  inventory: readonly string[];
  /** what is found in a group without any seal that the spec adopts */
  adoption?: FoundAdoption;
}

/** A name that somebody has already. */
export interface TakenName {
  title: string;
  name: string;
  /** Azure's reason */
  reason: string | undefined;
}

/** What ARM lists about a size. */
export interface OfferedSize {
  family: string;
  cores: number;
  /** why this subscription cannot use it in the whole region */
  restriction: string | undefined;
}

/** A role definition as ARM returns it. */
export interface RoleDefinition {
  roleName?: string;
  assignableScopes?: string[];
  permissions?: Permission[];
}

/** The role that the spec names, and the scope at which Moat assigns it. */
export interface NamedRole {
  id: string;
  scope: string;
  /** undefined where it does not exist */
  role: RoleDefinition | undefined;
}

/** A resource provider, as ARM describes it. */
export interface Provider {
  namespace?: string;
  registrationState?: string;
  resourceTypes?: { resourceType?: string; locations?: string[]; apiVersions?: string[] }[];
}

/** All that the rules know about Azure. Each member is read by one reader. */
export interface Facts {
  environment: EnvironmentFacts;
  /** the subscription, as ARM returns it */
  subscription: { state?: string; tenantId?: string; subscriptionPolicies?: { spendingLimit?: string } };
  permissions: Permission[];
  /** the role that the spec names for the jumpbox; undefined where it names none */
  namedRole: NamedRole | undefined;
  providers: Provider[];
  /** ids of the resources that outbound rules of the spec lead to and that do not exist */
  missingTargets: string[];
  /** locks on the group, in it, and on the subscription */
  locks: Lock[];
  takenNames: TakenName[];
  /** a soft-deleted vault has the name of the environment's vault */
  vaultIsDeleted: boolean;
  /** dedicated cores of Azure Machine Learning; undefined where the deployment exists */
  mlCores: Usage[] | undefined;
  /** sizes that the region offers, by name in lower case, and the compute quota; undefined where the jumpbox exists */
  machines: { offered: ReadonlyMap<string, OfferedSize>; usages: Usage[] } | undefined;
  /** network quotas of the region; empty where every counted resource exists */
  networkUsages: Usage[];
  policies: PolicyFacts;
  /** resources that do not exist yet, one of each kind, as they will be sent */
  planned: ResourceFact[];
  /** resources that exist and whose properties a PUT may not repair */
  existing: ResourceFact[];
  /** existing resources that the spec names */
  brought: BroughtFact[];
  /** private DNS zones that the spec names, and others of their names that may be linked to an existing network */
  zones: ZoneFact[];
  /** ARM's clock minus this machine's, in milliseconds; read last, from the headers of the other answers */
  clockSkewMs: number;
}
export type FactName = keyof Facts;

/** What Azure answered to a request that it refused for good. */
export interface Refusal {
  code: string;
  message: string;
  remedy: string;
}

/** Facts as they were read. A read that Azure refused has the refusal instead, with its subject for the message. */
export type ObservedFacts = {
  [Name in FactName]: { value: Facts[Name] } | { refusal: Refusal; subject: string };
};

/** Whether the group already contains a resource, or the environment uses an existing one. */
export const existsAlready = ({ inventory, ref }: Pick<EnvironmentFacts, 'inventory' | 'ref'>, id: string): boolean =>
  [...inventory, ...Object.values(ref.ids ?? {})].some((one) => one?.toLowerCase() === id.toLowerCase());
