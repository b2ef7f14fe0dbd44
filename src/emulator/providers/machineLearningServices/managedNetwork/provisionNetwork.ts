import { operationConflict, requireUnlocked } from '../../../arm/armErrors.ts';
import { ArmError } from '../../../arm/model.ts';
import type { ActionReply, ActionRequest, Cloud, Resource } from '../../../arm/model.ts';
import { activate } from './outboundRules.ts';
import {
  activeSince,
  isActive,
  isolationModeOf,
  needsFirewall,
  networkOperation,
  provisioning,
  rulesOf,
} from './networkState.ts';

const result = { status: 'Active', sparkReady: false };

/** Names of the computes of a workspace: the object `computes:{workspace id}`; the emulator creates none. */
const computesOf = (cloud: Cloud, { id }: Resource): unknown => cloud.objects.get(`computes:${id.toLowerCase()}`);

/** POST provisionManagedNetwork: makes the network and its private endpoints; on a network that is ready, those of rules that are not. */
export function provisionNetwork(cloud: Cloud, workspace: Resource, { body }: ActionRequest): ActionReply {
  if (Object.keys(body).length === 0) throw new ArmError(400, 'BadRequest', 'Request body could not be read');
  if (isolationModeOf(workspace) === 'Disabled')
    throw new ArmError(400, 'ValidationError', `Workspace '${workspace.name}' has no managed network to provision.`);
  requireUnlocked(cloud, workspace.id, 'write');
  if (computesOf(cloud, workspace) !== undefined)
    throw new ArmError(
      400,
      'ValidationError',
      `The managed network of workspace '${workspace.name}' cannot be provisioned while the workspace has computes.`,
    );
  const running = networkOperation(cloud, workspace);
  if (running) throw operationConflict(cloud, workspace, running);
  const isReady = activeSince(workspace) !== undefined;
  if (isReady && rulesOf(cloud, workspace).every((rule) => isActive(cloud, rule))) return { status: 200, body: result };
  const operation = cloud.startOperation({
    kind: 'action',
    action: provisioning,
    resourceId: workspace.id,
    location: workspace.location ?? '',
    durationKey: isReady ? 'outboundRule.put' : 'managedNetwork.provision',
    result,
  });
  if (operation.endsAt !== null && needsFirewall(cloud, workspace))
    operation.endsAt += cloud.duration('managedNetwork.firewall');
  return { status: 202, operation };
}

/** The network has been provisioned: its rules come into force, and the private endpoints are connected to their targets. */
export function completeProvisioning(cloud: Cloud, workspace: Resource): void {
  workspace.secrets = { ...workspace.secrets, networkActiveSince: activeSince(workspace) ?? cloud.now() };
  cloud.save(workspace);
  for (const rule of rulesOf(cloud, workspace)) if (!isActive(cloud, rule)) activate(cloud, workspace, rule);
}
