import type { ArmRule } from '../../../domain/managedNetwork.ts';

/** The managed virtual network of a workspace. */
export interface ManagedNetwork {
  isolationMode: string;
  /** it has been provisioned */
  isActive: boolean;
  /** Azure's own rules and those of users, by name */
  rules: Record<string, ArmRule>;
}

/** `properties.managedNetwork` of a workspace. */
export interface NetworkModel {
  isolationMode?: string;
  firewallSku?: string;
  /** read-only, as are the rules of Azure among the others */
  status?: { status?: string };
  outboundRules?: Record<string, ArmRule>;
}

/** A workspace without a managed network has the isolation mode `Disabled`. */
export const networkOf = ({
  isolationMode = 'Disabled',
  status,
  outboundRules,
}: NetworkModel = {}): ManagedNetwork => ({
  isolationMode,
  isActive: status?.status?.toLowerCase() === 'active',
  rules: outboundRules ?? {},
});
