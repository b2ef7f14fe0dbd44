import type { SecurityRule } from '../../azure/clients.ts';

/** A rule that allows TCP port 443; `change` overrides members. */
export const securityRuleOf = (
  priority: number,
  direction: 'Inbound' | 'Outbound',
  name: string,
  more: Partial<SecurityRule>,
): SecurityRule => ({
  name,
  priority,
  direction,
  access: 'Allow',
  protocol: 'Tcp',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '443',
  ...more,
});

/** An outbound rule that allows TCP. */
export const outboundRule = (priority: number, name: string, to: string, port = '443', from = '*'): SecurityRule =>
  securityRuleOf(priority, 'Outbound', name, {
    destinationAddressPrefix: to,
    destinationPortRange: port,
    sourceAddressPrefix: from,
  });
