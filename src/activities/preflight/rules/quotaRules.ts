import { instanceTypeOf } from '../../../domain/instanceTypes.ts';
import type { InstanceType } from '../../../domain/instanceTypes.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation } from '../rule.ts';
import { quotaOf, totalDedicated } from './usages.ts';
import type { Usage } from './usages.ts';

/** Azure reserves 20 % more instances for upgrades, for most families (Azure docs: quota allocation for online deployments). */
export const coresNeeded = ({ cores, skipReserve }: Omit<InstanceType, 'family'>, instances: number): number =>
  (skipReserve ? instances : Math.ceil(1.2 * instances)) * cores;

const quotaRemedy = (family: string, location: string) =>
  `request more cores of ${family} in ${location} (Azure portal, Quotas), or DELETE the environment and POST it with another "instanceType" or "location"`;

interface Need {
  instanceType: string;
  instanceCount: number;
  location: string;
}

/** One quota against the cores that a deployment needs. */
function quotaFindings(quota: string, type: InstanceType, need: Need, usages: readonly Usage[]): Observation[] {
  const { instanceType, instanceCount, location } = need;
  const remedy = quotaRemedy(quota, location);
  const cores = quotaOf(usages, quota);
  if (!cores) {
    if (quota === totalDedicated) return [];
    return [observation('unknown', `Azure reports no quota for ${quota} in ${location}`, remedy)];
  }
  const needed = coresNeeded(type, instanceCount);
  if (cores.limit - cores.used >= needed) return [];
  const reserve = type.skipReserve ? '' : 'with the 20 % that Azure reserves, ';
  const message = `${instanceCount} × ${instanceType} needs ${needed} cores of ${quota} in ${location} (${reserve}${needed / type.cores} × ${type.cores}); usage/limit: ${cores.used}/${cores.limit}`;
  return [observation('blocks', message, remedy)];
}

/** The quota of Azure Machine Learning has enough dedicated cores for the deployment. */
export const deploymentQuota = defineRule({
  id: 'ML-QUOTA',
  title: 'The quotas of Azure Machine Learning have enough dedicated cores, of the family and of all families',
  reads: ['mlCores'],
  severities: ['blocks', 'unknown'],
  source: 'Azure docs: manage quotas; quota allocation for online deployments; azure-rest-api-specs: Usage/list',
  check({ mlCores, environment: { spec, ref } }) {
    const type = instanceTypeOf(spec.instanceType);
    if (!type || !mlCores) return [];
    const { instanceType, instanceCount } = spec;
    const need = { instanceType, instanceCount, location: ref.location };
    return [type.family, totalDedicated].flatMap((quota) => quotaFindings(quota, type, need, mlCores));
  },
});

/** Sizes that Azure retired but the list of managed online endpoints still has, with the end of each. */
const retired: readonly (readonly [size: RegExp, end: string])[] = [
  [/^Standard_NC(6|12|24)r?s_v2$/i, '31 August 2023'],
  [/^Standard_NC(6|12|24)s_v3$/i, '30 September 2025'],
];

export const supportedInstanceType = defineRule({
  id: 'RETIRED-SIZE',
  title: 'Azure has not retired the instance type',
  reads: [],
  severities: ['warns'],
  source: 'Azure docs: migration guides for the NCv2 and NCv3 series',
  check: ({ environment: { spec } }) =>
    retired
      .filter(([size]) => size.test(spec.instanceType))
      .map(([, end]) =>
        observation(
          'warns',
          `Azure retired ${spec.instanceType} on ${end}: a deployment may not get any`,
          'POST with another "instanceType"',
        ),
      ),
});

export const offeredInstanceType = defineRule({
  id: 'ML-QUOTA',
  title: 'The instance type is offered for managed online endpoints',
  reads: [],
  severities: ['blocks'],
  source: 'Azure docs: managed online endpoints SKU list',
  check({ environment: { spec } }) {
    if (instanceTypeOf(spec.instanceType)) return [];
    const remedy =
      'DELETE the environment, then POST it with an "instanceType" of the managed online endpoints SKU list';
    return [observation('blocks', `${spec.instanceType} is not offered for managed online endpoints`, remedy)];
  },
});
