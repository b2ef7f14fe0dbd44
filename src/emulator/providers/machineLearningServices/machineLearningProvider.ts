import type { ResourceType, SubscriptionRoute } from '../../arm/model.ts';
import { assets } from './assets.ts';
import { connection } from './connections.ts';
import { datastores } from './datastores.ts';
import { onlineDeployment } from './onlineDeployments.ts';
import { onlineEndpoint } from './onlineEndpoints.ts';
import { quotaRoutes } from './machineLearningQuota.ts';
import { outboundRule } from './managedNetwork/outboundRules.ts';
import { workspace } from './workspaces.ts';

/** Microsoft.MachineLearningServices. */
export const types: ResourceType[] = [
  workspace,
  outboundRule,
  connection,
  datastores,
  ...assets,
  onlineEndpoint,
  onlineDeployment,
];

export const routes: SubscriptionRoute[] = quotaRoutes;
