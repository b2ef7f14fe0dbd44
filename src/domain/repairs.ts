import { isAbsent, isBrought } from './broughtResources.ts';
import type { ProofRow } from './environment.ts';
import type { EnvironmentRef } from './naming.ts';
import { isolatedServices, serviceResources, serviceTitles } from './isolatedServices.ts';
import { managedNetworkId } from './managedNetwork.ts';
import { privateLinkKeys, privateLinks, zoneNames } from './privateLinks.ts';
import { absent, checkNames } from './proofChecks.ts';
import type { Repair } from './repairRecord.ts';
import type { ResourceKey } from './resourceKeys.ts';
import { plannedResource, resourceName } from './resources.ts';

/** How a failed row is closed again. */
export interface PlannedRepair {
  check: string;
  key: ResourceKey;
  /** of the resource */
  id: string;
  action: Repair['action'];
  /** ids of what somebody changed to open it; one that ends in `/*` means everything below it */
  changed: readonly string[];
}

type Planner = (ref: EnvironmentRef) => Omit<PlannedRepair, 'check'>;

/** Writes the planned state of a resource. `below`: also who changed a resource below it is of interest. */
const written =
  (key: ResourceKey, below = false): Planner =>
  (ref) => {
    const { id } = plannedResource(ref, key);
    return { key, id, action: 'written', changed: below ? [id, `${id}/*`] : [id] };
  };

/** Writes the records of a private endpoint again. */
const writtenRecords =
  (key: ResourceKey, zone: string): Planner =>
  (ref) => {
    const { id } = plannedResource(ref, key);
    return { key, id, action: 'written', changed: [`${plannedResource(ref, `zone:${zone}`).id}/A/*`, id] };
  };

/** The rules of the managed network; who changed one is of interest. */
const writtenNetwork: Planner = (ref) => {
  const { id, key } = plannedResource(ref, 'workspace');
  return { key, id: managedNetworkId(id), action: 'written', changed: [id, `${id}/outboundRules/*`] };
};

const deletedBuildRule: Planner = (ref) => {
  const { id, key } = plannedResource(ref, 'buildInternetRule');
  return { key, id, action: 'deleted', changed: [id, plannedResource(ref, 'networkSecurityGroup').id] };
};

const anyRef = { subscriptionId: '', name: '', location: '', suffix: '' };
const titleOf = (key: ResourceKey): string => plannedResource(anyRef, key).title;
const named = (name: (title: string) => string, keys: readonly ResourceKey[]): [string, Planner][] =>
  keys.map((key) => [name(titleOf(key)), written(key)]);

/**
 * What can be closed by writing the planned state, by check. Not here, and so only reported: the egress of a deployment, which Azure fixes when
 * it is created (PF-13); private endpoint connections, which somebody may want; the subnet, because a PUT of its virtual network removes
 * subnets that were added (DEL-10).
 */
const planners = new Map<string, Planner>([
  ...named(checkNames.publicAccess, ['workspace', 'storageAccount', 'vault', 'registry', 'onlineEndpoint']),
  ...named(checkNames.networkRules, ['storageAccount', 'vault', 'registry']),
  ...zoneNames.map((zone): [string, Planner] => [checkNames.zoneLink(zone), written(`zoneLink:${zone}`)]),
  ...privateLinkKeys.flatMap((link) =>
    privateLinks[link].zoneNames.map((zone): [string, Planner] => [
      checkNames.records(zone),
      writtenRecords(`zoneGroup:${link}`, zone),
    ]),
  ),
  [checkNames.securityRules, written('networkSecurityGroup', true)],
  [checkNames.outboundRules, writtenNetwork],
  [checkNames.buildRule, deletedBuildRule],
  [checkNames.publicAddresses, written('networkInterface')],
]);

/** Links are created again; every other resource that is gone may have held data, and a POST provisions it. */
const isGone = ({ observed }: ProofRow, { key }: Pick<PlannedRepair, 'key'>): boolean =>
  observed === absent && !key.startsWith('zoneLink:');

/** An address in the group that is attached to nothing of Moat's belongs to somebody else. */
const isForeign = (ref: EnvironmentRef, { check, observed }: ProofRow): boolean =>
  check === checkNames.publicAddresses && !observed.includes(` on ${resourceName(ref, 'networkInterface')}`);

/** The repairs of the failed rows that can be repaired. Several may be of one resource; what was brought is only reported. */
export const plannedRepairs = (ref: EnvironmentRef, rows: readonly ProofRow[]): PlannedRepair[] =>
  rows
    .filter(({ from, verdict }) => from === 'arm' && verdict === 'failed')
    .flatMap((row) => {
      const planned = planners.get(row.check)?.(ref);
      const isWritten = planned && !isBrought(ref, planned) && !isAbsent(ref, plannedResource(ref, planned.key).row);
      return isWritten && !isGone(row, planned) && !isForeign(ref, row) ? [{ check: row.check, ...planned }] : [];
    });

/** Whether a change of the resource `changedId` is one of `changed`. */
export function isChangeOf(changed: readonly string[], changedId: string): boolean {
  const id = changedId.toLowerCase();
  return changed.some((one) => {
    const pattern = one.toLowerCase();
    return pattern.endsWith('/*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
  });
}

/** Whether a service whose resource was written still answers from outside. */
export const isSettling = (rows: readonly ProofRow[], repairs: readonly PlannedRepair[]): boolean =>
  isolatedServices.some(
    (service) =>
      repairs.some(({ key }) => key === serviceResources[service]) &&
      rows.some(
        ({ check, verdict }) => check === checkNames.fromOutside(serviceTitles[service]) && verdict === 'failed',
      ),
  );
