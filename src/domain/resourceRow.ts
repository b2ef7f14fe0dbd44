import type { EnvironmentRef } from './naming.ts';
import type { NameRule } from './nameRules.ts';
import type { StepId } from './steps.ts';

/** Names relative to a DNS zone that need an A record; `anyRecord`: at least one of any name. */
export type RecordNames = (target: { name: string; location: string; workspaceGuid: string }) => readonly string[];
export const anyRecord = '*';

/** A private link that a resource offers: its group id (Azure docs: private link resource) and its zones (Azure docs: private endpoint DNS). */
export interface PrivateLinkDefinition {
  groupId: string;
  /** in the name of the private endpoint */
  abbreviation: string;
  /** private DNS zones by name, with the records that each must have */
  zones: Record<string, RecordNames>;
}

/**
 * The phases of a teardown: dependents are deleted before what they depend on; resources of one phase are deleted in parallel.
 * Sources: Azure docs on deleting private endpoints, subnets, virtual machines and workspaces (DEL-1 to DEL-20).
 */
export const deletionPhase = {
  compute: 0,
  attachments: 1,
  endpointInterfaces: 2,
  workspace: 3,
  services: 4,
  foundations: 5,
  networkFoundations: 6,
  addresses: 7,
} as const;

/** The zone or private link of one of several resources of a row. */
export interface Variant {
  key: string;
  abbreviation: string;
}

/** The definition of one ARM resource of an environment. Everything else about the resource is derived from this row. */
export interface ResourceRow {
  step: StepId;
  /** as ARM spells it */
  type: string;
  /** for people: `virtual network` */
  title: string;
  /** one per private DNS zone or private link; its key is then `{row}:{variant}` */
  each?: 'zone' | 'privateLink';
  /** key of the row that contains it; of the same variant where both have one */
  parent?: string;
  /** the last segment of its name */
  name: (environment: Pick<EnvironmentRef, 'name' | 'suffix'>, variant: Variant) => string;
  nameRule: NameRule;
  /** private links by key, where the resource is the target of private endpoints */
  privateLinks?: Record<string, PrivateLinkDefinition>;
  /** phase of the teardown in which it is deleted; absent: it is deleted with its parent */
  phase?: number;
  /** rows whose resources must be deleted first, in addition to its children */
  dependents?: readonly string[];
  /** minutes of Azure's time after which an operation counts as stuck; absent: 30 */
  timeoutMinutes?: number;
  /**
   * Azure keeps it after its deletion, with its name: it is purged in a second operation, or its DELETE purges it; of `unverifiable`
   * ones ARM has no list that would prove it.
   */
  softDelete?: 'purge' | 'purgedByDelete' | 'unverifiable';
  /**
   * Absent: it exists as long as the environment. `temporary`: only while steps need it. `perAttempt`: one for each attempt, its name is a
   * prefix. `companion`: created by Azure beside another one; `companionPrefix`: the same, under a name that begins so.
   */
  lifetime?: 'temporary' | 'perAttempt' | 'companion' | 'companionPrefix';
}
