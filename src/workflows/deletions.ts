import { parseResourceId } from '../domain/naming.ts';
import type { EnvironmentRef } from '../domain/naming.ts';
import type { StepId } from '../domain/steps.ts';
import { privateEndpointInterface } from '../domain/teardownOrder.ts';
import { armRead, activityOptions, armWrite } from './armActivities.ts';
import type { RunProgress } from './runProgress.ts';
import type { TeardownReceiptBuilder } from './teardownReceipt.ts';

const workspaceType = 'microsoft.machinelearningservices/workspaces';

/** The deletions that a teardown is made of: each begun, awaited until ARM answers 404, and recorded. */
export function createDeletions(
  site: EnvironmentRef,
  progress: RunProgress,
  { attempt, record }: TeardownReceiptBuilder,
) {
  async function awaitGone(step: StepId, id: string, token: string | null): Promise<void> {
    const { name, type } = parseResourceId(id)!;
    await armRead.observeGone.executeWithOptions(
      activityOptions(step, `await the end of ${type.split('/').at(-1)} ${name}`),
      [{ id, token }],
    );
    progress.resource(step, id, 'Deleted');
    // ARM has no way to list soft-deleted workspaces: the purge's end and a 404 are all that can be seen
    record(id, type.toLowerCase() === workspaceType ? 'assumed' : 'gone');
  }

  return {
    /** A listed resource. A private endpoint's interface goes by itself, later than its endpoint (DEL-8). */
    resource: (step: StepId, id: string, kind: string): Promise<boolean> =>
      attempt(step, id, async (look) => {
        progress.resource(step, id, 'Deleting');
        if (kind === privateEndpointInterface) return awaitGone(step, id, null);
        const { name, type } = parseResourceId(id)!;
        const { token } = await armWrite.deleteResource.executeWithOptions(
          activityOptions(step, `delete ${type.split('/').at(-1)} ${name}`),
          [{ site, id, readFirst: look }],
        );
        await awaitGone(step, id, token);
      }),
    /** A workspace that is not listed may be soft-deleted, which only its purge by name ends (DEL-1); there being none is fine. */
    unlistedWorkspace: (id: string): Promise<boolean> =>
      attempt('workspace', id, async () => {
        const { token } = await armWrite.deleteResource.executeWithOptions(
          activityOptions('workspace', 'purge a workspace that is not listed'),
          [{ site, id, readFirst: false }],
        );
        if (token !== null)
          await armRead.observeGone.executeWithOptions(activityOptions('workspace', 'await the purge of a workspace'), [
            { id, token },
          ]);
      }),
    /** Azure's own private endpoints of deleted deployments let go late (DEL-20). */
    egress: (endpointId: string): Promise<boolean> =>
      attempt('endpoint', endpointId, () =>
        armRead.observeEgressGone.executeWithOptions(
          activityOptions('endpoint', 'await the end of egress connections'),
          [{ site }],
        ),
      ),
    /** Before what they were given on, for ARM lists them by it. Answers the identity that had them. */
    async roles(identityId: string): Promise<string | null> {
      let principalId: string | null = null;
      await attempt('jumpbox', `${identityId}/providers/Microsoft.Authorization/roleAssignments`, async () => {
        const given = await armRead.listRoles.executeWithOptions(activityOptions('jumpbox', 'list roles'), [{ site }]);
        ({ principalId } = given);
        await armWrite.revokeRoles.executeWithOptions(activityOptions('jumpbox', 'revoke roles'), [{ site }]);
        for (const id of given.ids) record(id, 'gone');
      });
      return principalId;
    },
    /** A deleted vault is kept by Azure, and its name with it, until it is purged (DEL-4). */
    purgedVault: (deletedId: string, vaultId: string): Promise<boolean> =>
      attempt('workspace', deletedId, async () => {
        const { token, state } = await armWrite.purgeVault.executeWithOptions(
          activityOptions('workspace', 'purge the deleted vault'),
          [{ site }],
        );
        if (state === 'gone') return;
        await armRead.observePurge.executeWithOptions(activityOptions('workspace', 'await the purge of the vault'), [
          { site, token },
        ]);
        record(vaultId, 'purged');
      }),
    group: (id: string): Promise<boolean> =>
      attempt('resourceGroup', id, async () => {
        const { token, state } = await armWrite.deleteGroup.executeWithOptions(
          activityOptions('resourceGroup', 'delete the group'),
          [{ site }],
        );
        if (state === 'gone') return;
        await armRead.observeGroupGone.executeWithOptions(
          activityOptions('resourceGroup', 'await the end of the group'),
          [{ site, token }],
        );
        record(id, 'gone');
        progress.resource('resourceGroup', id, 'Deleted');
      }),
  };
}
