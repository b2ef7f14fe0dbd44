import { instanceTypeOf } from '../../domain/instanceTypes.ts';
import type { InstanceType } from '../../domain/instanceTypes.ts';
import type { Finding } from '../../domain/preflightReport.ts';
import { plannedResource } from '../../domain/resources.ts';
import { jumpboxSize } from '../resources/types/virtualMachine.ts';
import { finding, existsAlready } from './preflightContext.ts';
import type { PreflightContext } from './preflightContext.ts';

/** Azure reserves 20 % more instances for upgrades, for most families (Azure docs: quota allocation for online deployments). */
export const coresNeeded = ({ cores, skipReserve }: Omit<InstanceType, 'family'>, instances: number): number =>
  (skipReserve ? instances : Math.ceil(1.2 * instances)) * cores;

/** All families together: 20 in a new pay-as-you-go subscription. */
const allDedicatedCores = 'TotalDedicatedCores';

const quotaRemedy = (family: string, location: string) =>
  `request more cores of ${family} in ${location} (Azure portal, Quotas), or DELETE the environment and POST it with another "instanceType" or "location"`;

interface CoreUsage {
  id?: string;
  /** of a row of Azure Machine Learning */
  type?: string;
  name?: { value?: string };
  currentValue?: number;
  /** -1: unlimited */
  limit?: number;
}

/** `standardDSv2Family`, which is also answered as `Standard DSv2 Family Cluster Dedicated vCPUs` (azure-rest-api-specs: Usage/list). */
const quotaNameOf = ({ name }: CoreUsage): string =>
  (name?.value ?? '')
    .replace(/ Cluster Dedicated vCPUs$/i, '')
    .replace(/^Total Cluster Dedicated Regional vCPUs$/i, allDedicatedCores)
    .replaceAll(' ', '')
    .toLowerCase();

/**
 * Whether a row of Azure Machine Learning counts the subscription's dedicated cores. A low-priority row can have the name of the dedicated one,
 * and only the type differs; rows of workspaces and their computes have the name, too.
 */
const isOfSubscription = ({ id = '', type = '' }: CoreUsage): boolean =>
  !/\/workspaces\//i.test(id) && !/\/lowPriorityCores\/|\/workspaces?\//i.test(type);

function freeCores(usages: readonly CoreUsage[], quota: string): number | undefined {
  const found = usages.find((usage) => quotaNameOf(usage) === quota.toLowerCase() && isOfSubscription(usage));
  if (found?.limit === undefined) return undefined;
  return found.limit < 0 ? Infinity : found.limit - (found.currentValue ?? 0);
}

function quotaFinding(
  rule: string,
  free: number | undefined,
  need: number,
  family: string,
  location: string,
): Finding[] {
  if (free === undefined) {
    return [
      finding(rule, 'unknown', `Azure reports no quota for ${family} in ${location}`, quotaRemedy(family, location)),
    ];
  }
  if (free >= need) return [];
  const message = `${need} cores of ${family} are needed in ${location}, ${free} are available`;
  return [finding(rule, 'blocks', message, quotaRemedy(family, location))];
}

/** The quota of Azure Machine Learning has enough dedicated cores for the deployment. */
export async function checkDeploymentQuota(context: PreflightContext): Promise<Finding[]> {
  const { azure, ref, spec } = context;
  const type = instanceTypeOf(spec.instanceType);
  if (!type) {
    const remedy =
      'DELETE the environment, then POST it with an "instanceType" of the managed online endpoints SKU list';
    return [finding('ML-QUOTA', 'blocks', `${spec.instanceType} is not offered for managed online endpoints`, remedy)];
  }
  if (existsAlready(context, plannedResource(ref, 'deployment').id)) return [];
  const usages = await Array.fromAsync(azure.clients(ref.subscriptionId).machineLearning.usages.list(ref.location));
  const need = coresNeeded(type, spec.instanceCount);
  // not every subscription has a row for all families together
  const all = freeCores(usages, allDedicatedCores) ?? Infinity;
  return [
    ...quotaFinding('ML-QUOTA', freeCores(usages, type.family), need, type.family, ref.location),
    ...quotaFinding('ML-QUOTA', all, need, allDedicatedCores, ref.location),
  ];
}

/** Quotas of a virtual machine: the cores of its family and those of the region (Azure docs: vCPU quotas). */
const jumpboxQuotas = [jumpboxSize.family, 'cores'];

/** The compute quota has enough cores for the jumpbox. */
export async function checkJumpboxQuota(context: PreflightContext): Promise<Finding[]> {
  const { azure, ref } = context;
  if (existsAlready(context, plannedResource(ref, 'virtualMachine').id)) return [];
  const usages = await Array.fromAsync(azure.clients(ref.subscriptionId).compute.usage.list(ref.location));
  return jumpboxQuotas.flatMap((quota) =>
    quotaFinding('VM-QUOTA', freeCores(usages, quota), jumpboxSize.cores, quota, ref.location),
  );
}

/** The jumpbox's size is available to this subscription in the region. */
export async function checkJumpboxSize(context: PreflightContext): Promise<Finding[]> {
  const { azure, ref } = context;
  if (existsAlready(context, plannedResource(ref, 'virtualMachine').id)) return [];
  const filter = `location eq '${ref.location}'`;
  for await (const sku of azure.clients(ref.subscriptionId).compute.resourceSkus.list({ filter })) {
    if (sku.resourceType !== 'virtualMachines' || sku.name !== jumpboxSize.name) continue;
    const whole = sku.restrictions?.find(({ type }) => type === 'Location');
    if (!whole) return [];
    const message = `${jumpboxSize.name} is not available in ${ref.location}: ${whole.reasonCode}`;
    return [
      finding(
        'VM-SIZE',
        'blocks',
        message,
        'DELETE the environment, then POST it with another "location"; or request access from Azure support',
      ),
    ];
  }
  return [
    finding(
      'VM-SIZE',
      'blocks',
      `${ref.location} does not offer ${jumpboxSize.name}`,
      'DELETE the environment, then POST it with another "location"',
    ),
  ];
}
