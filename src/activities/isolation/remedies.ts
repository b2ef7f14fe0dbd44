import type { OutboundRule } from '../../domain/environment.ts';

/** The command that closes a resource to the public network. */
export const disablePublicAccess = (id: string): string =>
  `az resource update --ids ${id} --set properties.publicNetworkAccess=Disabled`;

function ruleOptions(rule: OutboundRule): string {
  if (rule.type === 'fqdn') return `--type fqdn --destination '${rule.destination}'`;
  if (rule.type === 'serviceTag')
    return `--type service_tag --service-tag ${rule.serviceTag} --protocol ${rule.protocol} --port-ranges ${rule.portRanges}`;
  return `--type private_endpoint --service-resource-id ${rule.resourceId} --subresource-target ${rule.subresource} --spark-enabled false`;
}

/** The command that adds a rule to a managed network, or changes it. `workspace`: the options that name it. */
export const setRule = (workspace: string, rule: OutboundRule): string =>
  `az ml workspace outbound-rule set ${workspace} --rule ${rule.name} ${ruleOptions(rule)}`;
