import { createHash } from 'node:crypto';
import type { Activities } from '../../src/activities/index.ts';
import type { Spec } from '../../src/domain/environment.ts';
import { groupId, parseResourceId, resourceId, environmentRefOf } from '../../src/domain/naming.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { buildInternetRule, plannedResource, plannedResources } from '../../src/domain/resources.ts';
import type { SweepSettings } from '../../src/domain/sweep/gateway.ts';
import type { FoundGroup } from '../../src/domain/sweep/inputs.ts';
import { failing } from './world.ts';
import type { ActivityName, World } from './world.ts';

export const subscriptionId = '00000000-0000-4000-8000-000000000001';

export const hour = 3_600_000;

/** Of sweeps: what is over for an hour after its marking is taken down. */
export const sweepSettings = (): SweepSettings => ({
  mode: 'on',
  policy: { graceMs: hour, cap: null, subscriptionIds: [subscriptionId] },
  timing: { intervalMs: hour, catchUpMs: hour },
  target: 'emulator',
  webhook: true,
});

export const specOf = (name: string, change: Partial<Spec> = {}): Spec => ({
  name,
  location: 'westus2',
  // of its own: two environments cannot have one suffix
  suffix: createHash('sha256').update(name).digest('hex').slice(0, 8),
  owner: 'ana@example.com',
  ttl: '8h',
  model: 'custom',
  instanceType: 'Standard_DS3_v2',
  instanceCount: 1,
  workspacePublicNetworkAccess: 'disabled',
  onFailure: 'keep',
  ...change,
});

export const refNamed = (name: string): EnvironmentRef => environmentRefOf(subscriptionId, specOf(name));

type About = { ref: EnvironmentRef } | { id: string };

const nameIn = (id: string): string => /\/resourceGroups\/rg-moat-([^/]+)/i.exec(id)![1]!;
const nameOf = (about: About): string => ('ref' in about ? about.ref.name : nameIn(about.id));

/** A resource by its key where Moat plans it, else by its own name. */
function subjectOf({ id }: { id: string }): string {
  const ref = refNamed(nameIn(id));
  const planned = [...plannedResources(ref), buildInternetRule(ref)].find((row) => row.id === id);
  return planned?.key ?? parseResourceId(id)!.name.split('/').at(-1)!;
}

const isOf = (type: string) => (id: string) => parseResourceId(id)?.type.toLowerCase() === type.toLowerCase();
const isVault = isOf('Microsoft.KeyVault/vaults');
/** ARM lists neither of these in a group. */
const unlisted = [
  isOf('Microsoft.Network/privateEndpoints/privateDnsZoneGroups'),
  isOf('Microsoft.Network/networkSecurityGroups/securityRules'),
];

function put(world: World, id: string, state: string): void {
  world.resources.set(id.toLowerCase(), { id, type: parseResourceId(id)!.type, state });
}

/** With a resource goes what it contains. */
function drop(world: World, id: string): void {
  const key = id.toLowerCase();
  for (const other of world.resources.keys())
    if (other === key || other.startsWith(`${key}/`)) world.resources.delete(other);
  if (isVault(id)) world.softDeletedVault = true;
}

const stateIn = (world: World, id: string): string | undefined => world.resources.get(id.toLowerCase())?.state;

const notSealed = failing('Forbidden', 'the group does not carry this installation’s seal', { code: 'NotSealed' });
function refuseForeignGroup({ group }: World): void {
  if (group.exists && !group.sealed) void notSealed();
}

const gone = { token: null, state: 'gone', retryAfterMs: 0 };
const begun = (state: string) => ({ token: 'operation', state, retryAfterMs: 1 });

/** The subject of what is about the environment as a whole. */
const plain = (): string => '';

function foundIn(name: string, { group }: World): FoundGroup {
  const { owner, spec, state, expiresAt, markedAt, protected: kept } = group.tags;
  return {
    subscriptionId,
    group: `rg-moat-${name}`,
    location: 'westus2',
    name,
    sealed: group.sealed,
    owner: owner ?? null,
    spec: spec ?? null,
    state: state ?? null,
    expiresAt: expiresAt ?? null,
    markedAt: markedAt ?? null,
    protected: kept ?? null,
  };
}

/** Every activity, on the worlds of the environments that they are about. */
export function createFakes(worldOf: (name: string) => World, worlds: ReadonlyMap<string, World>): Activities {
  function fake<Input extends About, Output>(
    activity: ActivityName,
    subject: (input: Input) => string,
    work: (world: World, input: Input) => Output,
  ): (input: Input) => Promise<Output> {
    return async (input) => {
      const world = worldOf(nameOf(input));
      await world.enter(activity, subject(input), input);
      return work(world, input);
    };
  }
  return {
    preflight: fake('preflight', plain, (world) => ({
      findings: world.findings,
      inventory: world.group.sealed ? [...world.resources.values()].map(({ id }) => id) : [],
    })),
    ensureGroup: fake('ensureGroup', plain, (world, { ref, tags }) => {
      const created = !world.group.exists;
      world.group.exists = true;
      Object.assign(world.group.tags, tags);
      return { id: groupId(ref), created };
    }),
    tagGroup: fake('tagGroup', plain, (world, { tags }) => {
      refuseForeignGroup(world);
      if (world.group.exists) Object.assign(world.group.tags, tags);
    }),
    listGroup: fake('listGroup', plain, ({ group, resources }) => ({
      exists: group.exists,
      sealed: group.exists && group.sealed,
      tags: {},
      resources: [...resources.values()].filter(({ id }) => !unlisted.some((is) => is(id))),
    })),
    readLease: fake('readLease', plain, ({ group }) =>
      group.exists ? { expiresAt: group.tags.expiresAt ?? null, protected: group.tags.protected ?? null } : null,
    ),
    findGroups: async () => ({
      groups: [...worlds].filter(([, { group }]) => group.exists).map(([name, world]) => foundIn(name, world)),
      next: null,
      armNow: Date.now(),
    }),
    readOwnedGroup: fake('readOwnedGroup', plain, (world, { ref }) => ({
      group: world.group.exists ? foundIn(ref.name, world) : null,
      suffix: refNamed(ref.name).suffix,
    })),
    deleteGroup: fake('deleteGroup', plain, (world) => {
      refuseForeignGroup(world);
      return world.group.exists ? begun('Deleting') : gone;
    }),
    observeGroupDeletion: fake('observeGroupDeletion', plain, (world) => {
      world.group.exists = false;
      world.resources.clear();
    }),
    ensureResource: fake(
      'ensureResource',
      ({ key }) => key,
      (world, { ref, key, readFirst: look }) => {
        const { id } = plannedResource(ref, key);
        const state = look ? stateIn(world, id) : undefined;
        if (state === 'Succeeded') return { id, token: null, state, retryAfterMs: 0 };
        put(world, id, 'Creating');
        return { id, ...begun('Creating') };
      },
    ),
    observeResource: fake('observeResource', subjectOf, (world, { id }) => {
      put(world, id, 'Succeeded');
      return { state: 'Succeeded' };
    }),
    deleteResource: fake('deleteResource', subjectOf, (world, { id }) => {
      refuseForeignGroup(world);
      return stateIn(world, id) === undefined ? gone : begun('Deleting');
    }),
    observeDeletion: fake('observeDeletion', subjectOf, (world, { id }) => drop(world, id)),
    observeEgressConnections: fake('observeEgressConnections', plain, () => undefined),
    listLocks: fake('listLocks', plain, ({ locks }) => locks),
    verifyDeleted: fake('verifyDeleted', plain, ({ group, softDeletedVault }, { ref }) => [
      ...(group.exists ? [groupId(ref)] : []),
      ...(softDeletedVault ? [plannedResource(ref, 'vault').id] : []),
    ]),
    purgeVault: fake('purgeVault', plain, (world) => (world.softDeletedVault ? begun('Purging') : gone)),
    observeVaultPurge: fake('observeVaultPurge', plain, (world) => {
      world.softDeletedVault = false;
    }),
    checkPrivateLinks: fake('checkPrivateLinks', plain, () => undefined),
    grantRole: fake(
      'grantRole',
      ({ role }) => role,
      () => undefined,
    ),
    listRoles: fake('listRoles', plain, () => ({ principalId: 'jumpbox', ids: [] })),
    revokeRoles: fake('revokeRoles', plain, refuseForeignGroup),
    registerVersions: fake('registerVersions', plain, (_, { uploaded }) => ({
      codeId: `code of ${uploaded.codePath}`,
      modelId: `model of ${uploaded.modelPath}`,
      environmentId: `environment of ${uploaded.image}`,
    })),
    beginJumpboxCommand: fake(
      'beginJumpboxCommand',
      ({ command }) => command,
      (_, { ref, name }) => ({
        id: resourceId(ref, {
          type: 'Microsoft.Compute/virtualMachines/runCommands',
          name: `vm-${ref.suffix}/${name}`,
        }),
      }),
    ),
    async observeJumpboxCommand({ id, command }) {
      const world = worldOf(nameIn(id));
      await world.enter('observeJumpboxCommand', command, { id, command });
      return world.answers[command];
    },
    deleteJumpboxCommand: fake(
      'deleteJumpboxCommand',
      ({ id }) => /\/runCommands\/([^-]+)/.exec(id)![1]!,
      () => undefined,
    ),
    proveOutside: fake('proveOutside', plain, () => ({
      rows: [{ check: 'scoring endpoint from outside', verdict: 'passed', observed: 'refused with 403' }],
    })),
    checkInternetRule: fake('checkInternetRule', plain, (world, { ref }) => ({
      check: 'build-time Internet rule',
      verdict: stateIn(world, buildInternetRule(ref).id) === undefined ? 'passed' : 'failed',
      observed: stateIn(world, buildInternetRule(ref).id) ?? 'the rule is gone',
    })),
    readOutputs: fake('readOutputs', plain, (_, { ref }) => ({
      scoringUri: `https://${ref.name}.westus2.inference.ml.azure.com/score`,
      workspaceId: plannedResource(ref, 'workspace').id,
    })),
  };
}
