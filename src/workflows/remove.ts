import { parseResourceId } from '../domain/naming.ts';
import type { Site } from '../domain/naming.ts';
import type { StepId } from '../domain/steps.ts';
import { privateEndpointInterface } from '../domain/undo.ts';
import { read, told, write } from './arm.ts';
import type { RunProgress } from './progress.ts';
import type { Removal } from './removal.ts';

const workspaceType = 'microsoft.machinelearningservices/workspaces';

/** The deletions that a teardown is made of: each begun, awaited until ARM answers 404, and recorded. */
export function createRemove(site: Site, progress: RunProgress, { attempt, record }: Removal) {
  async function awaitGone(step: StepId, id: string, token: string | null): Promise<void> {
    const { name, type } = parseResourceId(id)!;
    await read.observeGone.executeWithOptions(told(step, `await the end of ${type.split('/').at(-1)} ${name}`), [
      { id, token },
    ]);
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
        const { token } = await write.deleteResource.executeWithOptions(
          told(step, `delete ${type.split('/').at(-1)} ${name}`),
          [{ site, id, look }],
        );
        await awaitGone(step, id, token);
      }),
    /** A workspace that is not listed may be soft-deleted, which only its purge by name ends (DEL-1); there being none is fine. */
    unlistedWorkspace: (id: string): Promise<boolean> =>
      attempt('workspace', id, async () => {
        const { token } = await write.deleteResource.executeWithOptions(
          told('workspace', 'purge a workspace that is not listed'),
          [{ site, id, look: false }],
        );
        if (token !== null)
          await read.observeGone.executeWithOptions(told('workspace', 'await the purge of a workspace'), [
            { id, token },
          ]);
      }),
    /** Azure's own private endpoints of deleted deployments let go late (DEL-20). */
    egress: (endpointId: string): Promise<boolean> =>
      attempt('endpoint', endpointId, () =>
        read.observeEgressGone.executeWithOptions(told('endpoint', 'await the end of egress connections'), [{ site }]),
      ),
    /** Before what they were given on, for ARM lists them by it. Answers the identity that had them. */
    async roles(identityId: string): Promise<string | null> {
      let principalId: string | null = null;
      await attempt('jumpbox', `${identityId}/providers/Microsoft.Authorization/roleAssignments`, async () => {
        const given = await read.listRoles.executeWithOptions(told('jumpbox', 'list roles'), [{ site }]);
        ({ principalId } = given);
        await write.revokeRoles.executeWithOptions(told('jumpbox', 'revoke roles'), [{ site }]);
        for (const id of given.ids) record(id, 'gone');
      });
      return principalId;
    },
    /** A deleted vault is kept by Azure, and its name with it, until it is purged (DEL-4). */
    purgedVault: (deletedId: string, vaultId: string): Promise<boolean> =>
      attempt('workspace', deletedId, async () => {
        const { token, state } = await write.purgeVault.executeWithOptions(
          told('workspace', 'purge the deleted vault'),
          [{ site }],
        );
        if (state === 'gone') return;
        await read.observePurge.executeWithOptions(told('workspace', 'await the purge of the vault'), [
          { site, token },
        ]);
        record(vaultId, 'purged');
      }),
    group: (id: string): Promise<boolean> =>
      attempt('resourceGroup', id, async () => {
        const { token, state } = await write.deleteGroup.executeWithOptions(told('resourceGroup', 'delete the group'), [
          { site },
        ]);
        if (state === 'gone') return;
        await read.observeGroupGone.executeWithOptions(told('resourceGroup', 'await the end of the group'), [
          { site, token },
        ]);
        record(id, 'gone');
        progress.resource('resourceGroup', id, 'Deleted');
      }),
  };
}
