import { armRuleOf, isolationModeOf, ruleDifferences, strictnessOf } from '../../domain/managedNetwork.ts';
import type { ArmRule, NetworkSpec } from '../../domain/managedNetwork.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { groupName } from '../../domain/naming.ts';
import type { Observation } from '../../domain/proof.ts';
import { absent, checkNames } from '../../domain/proofChecks.ts';
import { retryByPost } from '../../domain/remedies.ts';
import { plannedResource, resourceName } from '../../domain/resources.ts';
import type { ManagedNetwork } from '../resources/managedNetwork/networkModel.ts';
import { networkOf } from '../resources/managedNetwork/networkModel.ts';
import type { Readings } from './armReadings.ts';
import { networkConnections, networkTargets } from './networkConnections.ts';
import { setRule } from './remedies.ts';

const isActive = ({ status }: ArmRule): boolean => status?.toLowerCase() === 'active';
const isUsers = ({ category }: ArmRule): boolean => category?.toLowerCase() === 'userdefined';

const workspaceOptions = (ref: EnvironmentRef, name: '--name' | '--workspace-name'): string =>
  `${name} ${resourceName(ref, 'workspace')} --resource-group ${groupName(ref)}`;

/** The network lets out no more than the spec requests, and is ready. */
function modeRow(ref: EnvironmentRef, network: ManagedNetwork | undefined, spec: NetworkSpec): Observation {
  const mode = isolationModeOf(spec);
  const isStrict = network !== undefined && strictnessOf(network.isolationMode) >= strictnessOf(mode);
  const options = workspaceOptions(ref, '--name');
  const remedy = isStrict
    ? `az ml workspace provision-network ${options}`
    : `az ml workspace update ${options} --managed-network ${mode.replaceAll(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase()}`;
  const passed = isStrict && network.isActive;
  return {
    check: checkNames.managedNetwork,
    expected: `isolation mode ${mode}, Active`,
    observed: network ? `isolation mode ${network.isolationMode}, ${network.isActive ? 'Active' : 'Inactive'}` : absent,
    verdict: passed ? 'passed' : 'failed',
    ...(!passed && { remedy }),
  };
}

const destinationText = ({ type, destination }: ArmRule): string =>
  typeof destination === 'object'
    ? `${type} ${Object.values(destination)
        .filter((value) => typeof value === 'string')
        .join(' ')}`
    : `${type} ${destination ?? ''}`;

/** The rules of users are those of the spec, and all rules are in force. Azure's own rules are as Azure makes them. */
function rulesRow(ref: EnvironmentRef, { rules }: ManagedNetwork, { outboundRules = [] }: NetworkSpec): Observation {
  const { missing, changed, unexpected } = ruleDifferences(rules, outboundRules);
  const entries = Object.entries(rules);
  const idle = entries.filter(([, rule]) => !isActive(rule));
  const own = entries.filter(([, rule]) => isUsers(rule));
  const options = workspaceOptions(ref, '--workspace-name');
  const remedies = [
    ...unexpected.map((name) => `az ml workspace outbound-rule remove ${options} --rule ${name} --yes`),
    ...[...missing, ...changed].map((rule) => setRule(options, rule)),
    ...(idle.length > 0 ? [`az ml workspace provision-network ${workspaceOptions(ref, '--name')}`] : []),
  ];
  const described = own.map(([name, rule]) => `${name}: ${destinationText(rule)}`);
  const notActive = idle.map(([name, { status = 'without a state' }]) => `${name}: ${status}`);
  return {
    check: checkNames.outboundRules,
    expected: `of users: ${outboundRules.map((rule) => `${rule.name}: ${destinationText(armRuleOf(rule))}`).join('; ') || 'none'}; all Active`,
    observed: [
      `of users: ${described.join('; ') || 'none'}`,
      `${entries.length - own.length} of Azure`,
      ...(notActive.length > 0 ? [`not Active: ${notActive.join(', ')}`] : []),
    ].join('; '),
    verdict: remedies.length === 0 ? 'passed' : 'failed',
    ...(remedies.length > 0 && { remedy: remedies.join('\n') }),
  };
}

/** What the workspace needs is reached by private endpoints of the network, which their targets have approved. */
function endpointsRow(ref: EnvironmentRef, readings: Readings, spec: NetworkSpec): Observation {
  const targets = networkTargets(spec).map((target) => {
    const found = networkConnections(ref, readings, target.key).filter((one) => one.subresource === target.subresource);
    return { ...target, title: `${plannedResource(ref, target.key).title} (${target.subresource})`, found };
  });
  const waiting = targets.flatMap(({ found }) => found).filter(({ status }) => !/^approved$/i.test(status));
  const unconnected = targets.filter(({ found }) => found.length === 0);
  const remedies = [
    ...waiting.map(({ id }) => `az network private-endpoint-connection approve --id ${id}`),
    ...(unconnected.length > 0 ? [`az ml workspace provision-network ${workspaceOptions(ref, '--name')}`] : []),
  ];
  return {
    check: checkNames.networkEndpoints,
    expected: `one to each of ${targets.map(({ title }) => title).join(', ')}, Approved`,
    observed: targets
      .map(({ title, found }) => `${title}: ${found.map(({ status }) => status).join(', ') || 'none'}`)
      .join('; '),
    verdict: remedies.length === 0 ? 'passed' : 'failed',
    ...(remedies.length > 0 && { remedy: remedies.join('\n') }),
  };
}

/**
 * Whether deployments get only to the targets of the rules. They have no network of their own: with approved outbound only, what Azure and the
 * spec allow is all that there is. Without a deployment, nothing is proved.
 */
function egressRow(
  { deployments }: Readings,
  { isolationMode, rules }: ManagedNetwork,
  spec: NetworkSpec,
  others: readonly Observation[],
): Observation {
  const isOpen = isolationModeOf(spec) === 'AllowInternetOutbound';
  const broken = others.filter(({ verdict }) => verdict !== 'passed').map(({ check }) => check);
  const own = Object.entries(rules).filter(([, rule]) => isUsers(rule));
  const names = deployments.map(({ name = '' }) => name);
  const verdict = broken.length > 0 ? 'failed' : names.length > 0 ? 'passed' : 'inconclusive';
  return {
    check: checkNames.egress,
    expected: isOpen
      ? 'through the managed network, to the Internet as the spec requests'
      : 'through the managed network, only to the targets of its rules',
    observed: [
      names.length > 0 ? `${names.join(', ')}: isolation mode ${isolationMode}` : 'no deployment',
      `to what Azure requires${own.map(([, rule]) => `, ${destinationText(rule)}`).join('')}`,
      ...(broken.length > 0 ? [`see ${broken.join(', ')}`] : []),
    ].join('; '),
    verdict,
    ...(verdict === 'failed' && { remedy: `${retryByPost}, or verify with "onDrift": "repair"` }),
  };
}

/** What a managed virtual network lets out, from the workspace and from the targets. */
export function managedNetworkRows(ref: EnvironmentRef, readings: Readings, spec: NetworkSpec): Observation[] {
  const workspace = readings.access.workspace;
  const network = networkOf(workspace?.managedNetwork);
  const rows = [
    modeRow(ref, workspace && network, spec),
    rulesRow(ref, network, spec),
    endpointsRow(ref, readings, spec),
  ];
  return [...rows, egressRow(readings, network, spec, rows)];
}
