import type { ResourceType, SubscriptionRoute } from '../../model.ts';
import { assets } from './assets.ts';
import { datastores } from './datastores.ts';
import { onlineDeployment } from './onlineDeployment.ts';
import { onlineEndpoint } from './onlineEndpoint.ts';
import { quotaRoutes } from './quota.ts';
import { workspace } from './workspace.ts';

/** Microsoft.MachineLearningServices. */
export const types: ResourceType[] = [workspace, datastores, ...assets, onlineEndpoint, onlineDeployment];

export const routes: SubscriptionRoute[] = quotaRoutes;
