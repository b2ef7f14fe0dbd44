import { groupName } from './naming.ts';
import type { EnvironmentRef } from './naming.ts';
import { retryByPost } from './remedies.ts';
import { plannedResource, resourceName } from './resources.ts';

/**
 * Remedy for a jumpbox command that never ends or never starts: Azure moves the virtual machine to another host, with a new agent. In a
 * closed network, the agent may also lack its path to Azure: its second generation reports through 168.63.129.16, which no rule stops; the
 * first one needs the service tag (Azure docs: run command, restrictions).
 */
export function stuckCommandRemedy(ref: EnvironmentRef, isNetworkClosed: boolean): string {
  const group = groupName(ref);
  const redeploy = `az vm redeploy --ids ${plannedResource(ref, 'virtualMachine').id}`;
  const allowAgent = `if results still do not arrive, az network nsg rule create --resource-group ${group} --nsg-name ${resourceName(ref, 'networkSecurityGroup')} --name AzureCloud --priority 220 --direction Outbound --access Allow --protocol Tcp --destination-address-prefixes AzureCloud.${ref.location} --destination-port-ranges 443`;
  return [redeploy, ...(isNetworkClosed ? [allowAgent] : []), `then ${retryByPost}`].join('; ');
}
