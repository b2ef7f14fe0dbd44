import { plannedResource } from '../../../domain/resources.ts';
import type { ResourceKey } from '../../../domain/resourceKeys.ts';
import { existsAlready } from '../facts.ts';
import type { EnvironmentFacts } from '../facts.ts';
import { defineRule, observation } from '../rule.ts';
import { quotaOf } from './usages.ts';

/** Quotas that count a resource of the environment, one each (Azure docs: networking limits; names as `az network list-usages` prints them). */
const counted: readonly (readonly [quota: string, key: ResourceKey])[] = [
  ['VirtualNetworks', 'virtualNetwork'],
  ['NetworkSecurityGroups', 'networkSecurityGroup'],
  ['PublicIPAddresses', 'natAddress'],
  ['IPv4StandardSkuPublicIpAddresses', 'natAddress'],
  ['NatGateways', 'natGateway'],
];

/** The quotas whose resource the run will create. */
export const networkQuotasNeeded = (environment: EnvironmentFacts): string[] =>
  counted.flatMap(([quota, key]) =>
    existsAlready(environment, plannedResource(environment.ref, key).id) ? [] : [quota],
  );

/** The network quotas have room for one more of each resource. A quota that Azure does not list is not a finding. */
export const networkQuota = defineRule({
  id: 'NETWORK-QUOTA',
  title: 'The network quotas have room for one more network, security group, public address and NAT gateway',
  reads: ['networkUsages'],
  severities: ['blocks'],
  source: 'Azure docs: networking limits; REST reference: network usages, list',
  check: ({ networkUsages, environment }) =>
    networkQuotasNeeded(environment).flatMap((quota) => {
      const { used, limit } = quotaOf(networkUsages, quota) ?? { used: 0, limit: Infinity };
      if (used < limit) return [];
      const { location } = environment.ref;
      const remedy = `delete what is not needed, or request more ${quota} in ${location} (Azure portal, Quotas), or POST with another "location"`;
      return [observation('blocks', `${quota} in ${location}: usage/limit: ${used}/${limit}`, remedy)];
    }),
});
