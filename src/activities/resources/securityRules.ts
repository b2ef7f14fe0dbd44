import type { SecurityRule } from '../../azure/clients.ts';

/** An allow rule for TCP port 443, with what differs from that. */
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
