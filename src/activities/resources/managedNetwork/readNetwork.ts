import type { Azure } from '../../../azure/connectAzure.ts';
import type { ArmRule } from '../../../domain/managedNetwork.ts';
import type { EnvironmentRef } from '../../../domain/naming.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { getWorkspace } from '../types/mlWorkspace.ts';

/** The managed virtual network of a workspace. */
export interface ManagedNetwork {
  isolationMode: string;
  /** it has been provisioned */
  isActive: boolean;
  /** Azure's own rules and those of users, by name */
  rules: Record<string, ArmRule>;
}

/** The network as the workspace has it: a workspace without one has the isolation mode `Disabled`. */
export async function readNetwork({ generic }: Pick<Azure, 'generic'>, ref: EnvironmentRef): Promise<ManagedNetwork> {
  const { properties } = await getWorkspace({ generic, id: plannedResource(ref, 'workspace').id });
  const { isolationMode = 'Disabled', status, outboundRules } = properties.managedNetwork ?? {};
  return { isolationMode, isActive: status?.status?.toLowerCase() === 'active', rules: outboundRules ?? {} };
}
