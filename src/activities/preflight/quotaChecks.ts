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

const quotaRemedy = (family: string, location: string) =>
  `request more cores of ${family} in ${location} (Azure portal, Quotas), or choose another instance type`;

interface CoreUsage {
  name?: { value?: string };
  currentValue?: number;
  limit?: number;
}

function freeCores(usages: readonly CoreUsage[], quota: string): number | undefined {
  const found = usages.find(({ name }) => name?.value?.toLowerCase() === quota.toLowerCase());
  return found?.limit === undefined ? undefined : found.limit - (found.currentValue ?? 0);
}

function tooFew(rule: string, free: number | undefined, need: number, family: string, location: string): Finding[] {
  if (free === undefined) {
    return [
      finding(rule, 'unknown', `Azure reports no quota for ${family} in ${location}`, quotaRemedy(family, location)),
    ];
  }
  if (free >= need) return [];
  const message = `${need} cores of ${family} are needed in ${location}, ${free} are left`;
  return [finding(rule, 'blocks', message, quotaRemedy(family, location))];
}

/** The dedicated cores of Azure Machine Learning suffice for the deployment. */
export async function checkDeploymentQuota(context: PreflightContext): Promise<Finding[]> {
  const { azure, ref, spec } = context;
  const type = instanceTypeOf(spec.instanceType);
  if (!type) {
    const remedy = 'choose one of the managed online endpoints SKU list';
    return [finding('ML-QUOTA', 'blocks', `${spec.instanceType} is not offered for managed online endpoints`, remedy)];
  }
  if (existsAlready(context, plannedResource(ref, 'deployment').id)) return [];
  const usages = await Array.fromAsync(azure.clients(ref.subscriptionId).machineLearning.usages.list(ref.location));
  const free = freeCores(usages, type.family);
  return tooFew('ML-QUOTA', free, coresNeeded(type, spec.instanceCount), type.family, ref.location);
}

/** What a machine counts against: its family's cores, and those of the whole region (Azure docs: vCPU quotas). */
const jumpboxQuotas = [jumpboxSize.family, 'cores'];

/** The compute cores suffice for the jumpbox. */
export async function checkJumpboxQuota(context: PreflightContext): Promise<Finding[]> {
  const { azure, ref } = context;
  if (existsAlready(context, plannedResource(ref, 'virtualMachine').id)) return [];
  const usages = await Array.fromAsync(azure.clients(ref.subscriptionId).compute.usage.list(ref.location));
  return jumpboxQuotas.flatMap((quota) =>
    tooFew('VM-QUOTA', freeCores(usages, quota), jumpboxSize.cores, quota, ref.location),
  );
}

/** The region offers the jumpbox's size to this subscription. */
export async function checkJumpboxSize(context: PreflightContext): Promise<Finding[]> {
  const { azure, ref } = context;
  if (existsAlready(context, plannedResource(ref, 'virtualMachine').id)) return [];
  const filter = `location eq '${ref.location}'`;
  for await (const sku of azure.clients(ref.subscriptionId).compute.resourceSkus.list({ filter })) {
    if (sku.resourceType !== 'virtualMachines' || sku.name !== jumpboxSize.name) continue;
    const whole = sku.restrictions?.find(({ type }) => type === 'Location');
    if (!whole) return [];
    const message = `${jumpboxSize.name} is not available in ${ref.location}: ${whole.reasonCode}`;
    return [finding('VM-SIZE', 'blocks', message, 'choose another location, or ask Azure support for access')];
  }
  return [
    finding('VM-SIZE', 'blocks', `${ref.location} does not offer ${jumpboxSize.name}`, 'choose another location'),
  ];
}
