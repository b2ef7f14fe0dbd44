import type { Azure } from '../../../azure/connectAzure.ts';
import type { EnvironmentRef } from '../../../domain/naming.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { getWorkspace } from '../types/mlWorkspace.ts';
import { networkOf } from './networkModel.ts';
import type { ManagedNetwork } from './networkModel.ts';

/** The managed network of the environment's workspace, as ARM has it. */
export const readNetwork = async ({ generic }: Pick<Azure, 'generic'>, ref: EnvironmentRef): Promise<ManagedNetwork> =>
  networkOf((await getWorkspace({ generic, id: plannedResource(ref, 'workspace').id })).properties.managedNetwork);
