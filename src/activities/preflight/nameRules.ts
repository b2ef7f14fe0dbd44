import { names, zoneNames } from '../../domain/naming.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import type { Finding } from '../../domain/preflight.ts';
import { finding } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

/** Azure's name rules, by what is named (Azure docs: resource name rules). */
const patterns = {
  group: /^[-\w._()]{0,89}[-\w_()]$/,
  subnetLike: /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$/,
  virtualNetwork: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}[A-Za-z0-9_]$/,
  vault: /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
  storageAccount: /^[a-z0-9]{3,24}$/,
  registry: /^[A-Za-z0-9]{5,50}$/,
  workspace: /^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$/,
  endpoint: /^(?=.{3,32}$)(?!.*--)[A-Za-z]([-A-Za-z0-9]*[A-Za-z0-9])?$/,
  identity: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
  virtualMachine: /^(?!\d+$)[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9_])?$/,
  zone: /^(?=.{1,63}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){1,33}$/,
  logAnalytics: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
};

const kinds = (site: EnvironmentRef): readonly [kind: string, pattern: RegExp, names: readonly string[]][] => {
  const n = names(site);
  return [
    ['resource group', patterns.group, [n.group]],
    [
      'network resource',
      patterns.subnetLike,
      [n.networkSecurityGroup, n.natAddress, n.natGateway, n.subnet, n.zoneLink],
    ],
    ['network interface', patterns.subnetLike, [n.networkInterface]],
    ['virtual network', patterns.virtualNetwork, [n.virtualNetwork]],
    ['key vault', patterns.vault, [n.vault]],
    ['storage account', patterns.storageAccount, [n.storageAccount]],
    ['container registry', patterns.registry, [n.registry]],
    ['workspace', patterns.workspace, [n.workspace]],
    ['Log Analytics workspace', patterns.logAnalytics, [n.logAnalytics]],
    ['online endpoint', patterns.endpoint, [n.onlineEndpoint]],
    ['deployment', patterns.endpoint, [n.deployment]],
    ['managed identity', patterns.identity, [n.identity]],
    ['virtual machine', patterns.virtualMachine, [n.virtualMachine]],
    ['private DNS zone', patterns.zone, zoneNames],
  ];
};

/** PF-40: every name that follows from the spec is one that Azure takes. */
export function checkNamePatterns({ site }: Pick<PreflightContext, 'site'>): Finding[] {
  return kinds(site).flatMap(([kind, pattern, names]) =>
    names
      .filter((name) => !pattern.test(name))
      .map((name) =>
        finding(
          'PF-40',
          'blocks',
          `${kind} cannot be called ${name}`,
          'choose a suffix of 3-10 lower-case letters and digits',
        ),
      ),
  );
}
