import type { ResourceType, SubscriptionRoute } from '../model.ts';
import { imageRoutes } from './computeImages.ts';
import { quotaRoutes } from './computeQuota.ts';
import { runCommand } from './computeRunCommand.ts';
import { disk, virtualMachine } from './computeVirtualMachine.ts';

/** Microsoft.Compute. */
export const types: ResourceType[] = [virtualMachine, runCommand, disk];

export const routes: SubscriptionRoute[] = [...quotaRoutes, ...imageRoutes];
