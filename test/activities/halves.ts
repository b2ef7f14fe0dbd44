import { armActivity } from '../../src/activities/armActivity.ts';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import {
  beginJumpboxCommand,
  commandMinutes,
  commandStartMinutes,
  observeJumpboxCommand,
} from '../../src/activities/jumpbox/jumpboxCommands.ts';
import { beginDeletion } from '../../src/activities/resources/deleteResource.ts';
import { beginResource } from '../../src/activities/resources/ensureResource.ts';
import { observeDeletion, observeResource } from '../../src/activities/resources/observeResource.ts';
import { beginVaultPurge, observeVaultPurge } from '../../src/activities/resources/purgeVault.ts';
import { beginGroupDeletion, observeGroupDeletion } from '../../src/activities/resources/resourceGroup.ts';
import { operationTimeoutMinutes } from '../../src/domain/operationTimeouts.ts';

const ofId = ({ id }: { id: string }): number => operationTimeoutMinutes(id);

/** The two halves of each operation as activities of their own, so that a test can act between start and poll. */
export const createHalves = (deps: ActivityDeps) => ({
  beginResource: armActivity(deps, beginResource),
  observeResource: armActivity(deps, observeResource, ofId),
  beginDeletion: armActivity(deps, beginDeletion),
  observeDeletion: armActivity(deps, observeDeletion, ofId),
  beginGroupDeletion: armActivity(deps, beginGroupDeletion),
  observeGroupDeletion: armActivity(deps, observeGroupDeletion),
  beginVaultPurge: armActivity(deps, beginVaultPurge),
  observeVaultPurge: armActivity(deps, observeVaultPurge),
  beginJumpboxCommand: armActivity(deps, beginJumpboxCommand, () => commandStartMinutes),
  observeJumpboxCommand: armActivity(deps, observeJumpboxCommand, ({ command }) => commandMinutes(command)),
});
