import { instanceTypeOf } from '../../domain/instanceTypes.ts';
import type { InstanceType } from '../../domain/instanceTypes.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { plannedResource } from '../../domain/resources.ts';
import { finding, existsAlready } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

/** Azure reserves 20 % more instances for upgrades, for most families (Azure docs: quota allocation for online deployments). */
export const coresNeeded = ({ cores, skipReserve }: Omit<InstanceType, 'family'>, instances: number): number =>
  (skipReserve ? instances : Math.ceil(1.2 * instances)) * cores;

const quotaRemedy = (family: string, location: string) =>
  `request more cores of ${family} in ${location} (Azure portal, Quotas), or DELETE the environment and POST it with another "instanceType" or "location"`;

export interface CoreUsage {
  id?: string;
  type?: string;
  name?: { value?: string };
  currentValue?: number;
  limit?: number;
}

/**
 * `standardDSv2Family` is also answered as `Standard DSv2 Family Cluster Dedicated vCPUs`, and the total as `Total Cluster Dedicated Regional
 * vCPUs` (azure-rest-api-specs: Usage/list).
 */
const quotaName = (name = ''): string =>
  name
    .replace(/^Total Cluster Dedicated Regional vCPUs$/i, totalDedicated)
    .replace(/ Cluster Dedicated vCPUs$/i, '')
    .replaceAll(' ', '')
    .toLowerCase();

/** `used` of `limit` cores of a quota; undefined where Azure lists none. A negative limit is none (ML usages). */
export function coresOf(usages: readonly CoreUsage[], quota: string): { used: number; limit: number } | undefined {
  const found = usages.find(({ name }) => quotaName(name?.value) === quotaName(quota));
  if (found?.limit === undefined) return undefined;
  return { used: found.currentValue ?? 0, limit: found.limit < 0 ? Infinity : found.limit };
}

/** Rows of dedicated cores of the whole subscription. Low-priority rows and those of one workspace have the same names. */
export const isDedicated = ({ id, type }: CoreUsage): boolean =>
  /\/(dedicatedCores|totalDedicatedCores|vmFamily)\/usages$/i.test(type ?? '') && !/\/workspaces\//i.test(id ?? '');

/** Dedicated cores of all families together; new subscriptions have 20. */
const totalDedicated = 'TotalDedicatedCores';

/** The quota of Azure Machine Learning has enough dedicated cores for the deployment. */
export async function checkDeploymentQuota(context: PreflightContext): Promise<Finding[]> {
  const { azure, ref, spec } = context;
  const { location } = ref;
  const type = instanceTypeOf(spec.instanceType);
  if (!type) {
    const remedy =
      'DELETE the environment, then POST it with an "instanceType" of the managed online endpoints SKU list';
    return [finding('ML-QUOTA', 'blocks', `${spec.instanceType} is not offered for managed online endpoints`, remedy)];
  }
  if (existsAlready(context, plannedResource(ref, 'deployment').id)) return [];
  const listed = await Array.fromAsync(azure.clients(ref.subscriptionId).machineLearning.usages.list(location));
  const usages = (listed as CoreUsage[]).filter(isDedicated);
  const need = coresNeeded(type, spec.instanceCount);
  const reserve = type.skipReserve ? '' : 'with the 20 % that Azure reserves, ';
  return [type.family, totalDedicated].flatMap((quota) => {
    const cores = coresOf(usages, quota);
    const remedy = quotaRemedy(quota, location);
    if (!cores) {
      if (quota === totalDedicated) return [];
      return [finding('ML-QUOTA', 'unknown', `Azure reports no quota for ${quota} in ${location}`, remedy)];
    }
    if (cores.limit - cores.used >= need) return [];
    const message = `${spec.instanceCount} × ${spec.instanceType} needs ${need} cores of ${quota} in ${location} (${reserve}${need / type.cores} × ${type.cores}); usage/limit: ${cores.used}/${cores.limit}`;
    return [finding('ML-QUOTA', 'blocks', message, remedy)];
  });
}
