import type { ResourceType, SubscriptionRoute } from '../../arm/model.ts';
import { imageRoutes } from './vmImages.ts';
import { quotaRoutes } from './computeQuota.ts';
import { runCommand } from './runCommands.ts';
import { disk, virtualMachine } from './virtualMachines.ts';

/** Microsoft.Compute. */
export const types: ResourceType[] = [virtualMachine, runCommand, disk];

export const routes: SubscriptionRoute[] = [...quotaRoutes, ...imageRoutes];
