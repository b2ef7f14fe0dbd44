import type { ResourceType, SubscriptionRoute } from '../../arm/model.ts';
import { imageRoutes } from './vmImages.ts';
import { quotaRoutes } from './computeQuota.ts';
import { runCommand } from './runCommands.ts';
import { runCommandDocumentRoutes } from './runCommandDocuments.ts';
import { disk } from './disks.ts';
import { extension } from './extensions.ts';
import { virtualMachine } from './virtualMachines.ts';

/** Microsoft.Compute. */
export const types: ResourceType[] = [virtualMachine, runCommand, extension, disk];

export const routes: SubscriptionRoute[] = [...quotaRoutes, ...imageRoutes, ...runCommandDocumentRoutes];
