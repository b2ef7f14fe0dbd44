import type { ActivityDeps } from '../../src/activities/deps.ts';
import type { Activities } from '../../src/activities/index.ts';
import type { BeginJumpboxCommandInput } from '../../src/activities/jumpbox/jumpboxCommands.ts';
import { jumpboxRun } from '../../src/activities/jumpbox/runJumpboxCommand.ts';
import { operationActivity } from '../../src/activities/operationActivity.ts';
import type { Started } from '../../src/activities/operationActivity.ts';
import type { DeleteResourceInput } from '../../src/activities/resources/deleteResource.ts';
import type { EnsureResourceInput } from '../../src/activities/resources/ensureResource.ts';
import { resourceCreation } from '../../src/activities/resources/resourceOperations.ts';
import { groupId, parseResourceId } from '../../src/domain/naming.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { buildInternetRule, plannedResource, plannedResources, runCommandId } from '../../src/domain/resources.ts';
import type { FoundGroup } from '../../src/domain/sweep/inputs.ts';
import { rowsFrom } from '../../src/domain/proof.ts';
import { failWith, rowsAt } from './fakeArm.ts';
import type { ActivityName, FakeArm } from './fakeArm.ts';
import { refNamed, subscriptionId } from './fixtures.ts';

type ActivityInput = { ref: EnvironmentRef } | { id: string };

const environmentNameIn = (id: string): string => /\/resourceGroups\/rg-moat-([^/]+)/i.exec(id)![1]!;
const nameOf = (input: ActivityInput): string => ('ref' in input ? input.ref.name : environmentNameIn(input.id));

/** The key of a planned resource, otherwise its name. */
function subjectOf({ id }: { id: string }): string {
  const ref = refNamed(environmentNameIn(id));
  const planned = [...plannedResources(ref), buildInternetRule(ref)].find((row) => row.id === id);
  return planned?.key ?? parseResourceId(id)!.name.split('/').at(-1)!;
}

const isType = (type: string) => (id: string) => parseResourceId(id)?.type.toLowerCase() === type.toLowerCase();
const isVault = isType('Microsoft.KeyVault/vaults');
/** Types that ARM does not list in a group. */
const unlistedTypes = [
  isType('Microsoft.Network/privateEndpoints/privateDnsZoneGroups'),
  isType('Microsoft.Network/networkSecurityGroups/securityRules'),
];

function putResource(arm: FakeArm, id: string, state: string): void {
  arm.resources.set(id.toLowerCase(), { id, type: parseResourceId(id)!.type, state });
}

/** Deletes a resource and its child resources. */
function removeResource(arm: FakeArm, id: string): void {
  const key = id.toLowerCase();
  for (const other of arm.resources.keys())
    if (other === key || other.startsWith(`${key}/`)) arm.resources.delete(other);
  if (isVault(id)) arm.softDeletedVault = true;
}

const stateOf = (arm: FakeArm, id: string): string | undefined => arm.resources.get(id.toLowerCase())?.state;

const failNotSealed = failWith('Forbidden', 'the group does not carry this installation’s seal', { code: 'NotSealed' });
function requireSeal({ group }: FakeArm): void {
  if (group.exists && !group.sealed) void failNotSealed();
}

const gone = { result: { accepted: false } };
const accepted = (id: string, state: string) => ({
  started: { id, token: 'operation', state, retryAfterMs: 1, accepted: true },
});

/** What the activities that start and poll operations need of Azure; the fakes' failures are those of the activities already. */
const deps = {
  azure: {
    delayMs: (seconds: number) => 1000 * seconds,
    withRequestContext: <T>(_: unknown, send: () => Promise<T>) => send(),
    errorOf(thrown: unknown) {
      throw thrown;
    },
  },
} as unknown as ActivityDeps;

/** How often an operation was tried, where more than once. */
const attemptsOf = (tried: number) => (tried > 1 ? { attempts: tried } : {});

/** The subject of activities that concern the environment as a whole. */
const noSubject = (): string => '';

function foundGroupOf(name: string, { group }: FakeArm): FoundGroup {
  const { owner, spec, state, expiresAt, markedAt, protected: protection } = group.tags;
  return {
    subscriptionId,
    group: `rg-moat-${name}`,
    location: 'westus2',
    name,
    seal: group.sealed ? 'own' : 'missing',
    owner: owner ?? null,
    spec: spec ?? null,
    state: state ?? null,
    expiresAt: expiresAt ?? null,
    markedAt: markedAt ?? null,
    protected: protection ?? null,
  };
}

/** Fakes of all activities. Each works on the in-memory ARM of the environment in its input. */
export function createFakeActivities(armOf: (name: string) => FakeArm, arms: ReadonlyMap<string, FakeArm>): Activities {
  function fake<Input extends ActivityInput, Output>(
    activity: ActivityName,
    subject: (input: Input) => string,
    effect: (arm: FakeArm, input: Input) => Output,
  ): (input: Input) => Promise<Output> {
    return async (input) => {
      const arm = armOf(nameOf(input));
      await arm.recordCall(activity, subject(input), input);
      return effect(arm, input);
    };
  }
  /** An activity of two halves, each of which is a call of its own. */
  function operation<Input extends ActivityInput, Result>(
    names: readonly [begin: ActivityName, poll: ActivityName],
    subject: (input: Input) => string,
    begin: (arm: FakeArm, input: Input, tried: number) => { result: Result } | { started: Started },
    poll: (arm: FakeArm, input: Input, tried: number) => Result,
    repeats?: (input: Input, type: string) => boolean,
  ): (input: Input) => Promise<Result> {
    return operationActivity<Input, Result, Started>(deps, {
      async begin(_, input, tried) {
        const retried = tried > 1 && 'readFirst' in input ? { ...input, readFirst: true } : input;
        return (await fake(names[0], subject, (arm, sent: Input) => ({ begun: begin(arm, sent, tried) }))(retried))
          .begun;
      },
      poll: (_, input, __, tried) => fake(names[1], subject, (arm, sent: Input) => poll(arm, sent, tried))(input),
      label: () => names[0],
      beginMinutes: () => Infinity,
      pollMinutes: () => Infinity,
      ...(repeats && { repeats }),
    });
  }
  return {
    preflight: fake('preflight', noSubject, (arm) => ({
      findings: arm.preflightFindings,
      inventory: arm.group.sealed ? [...arm.resources.values()].map(({ id }) => id) : [],
    })),
    compareResources: fake('compareResources', noSubject, ({ resources }) =>
      Object.fromEntries([...resources.values()].map((resource) => [subjectOf(resource), 'adopt' as const])),
    ),
    ensureGroup: fake('ensureGroup', noSubject, (arm, { ref, tags }) => {
      const created = !arm.group.exists;
      arm.group.exists = true;
      Object.assign(arm.group.tags, tags);
      return { id: groupId(ref), created };
    }),
    tagGroup: fake('tagGroup', noSubject, (arm, { tags }) => {
      requireSeal(arm);
      if (arm.group.exists) Object.assign(arm.group.tags, tags);
      return { gone: !arm.group.exists };
    }),
    listGroup: fake('listGroup', noSubject, ({ group, resources }) => ({
      moreForeign: 0,
      exists: group.exists,
      sealed: group.exists && group.sealed,
      seal: group.exists ? (group.sealed ? 'own' : 'missing') : null,
      tags: {},
      resources: [...resources.values()].filter(({ id }) => !unlistedTypes.some((isUnlisted) => isUnlisted(id))),
    })),
    readLease: fake('readLease', noSubject, ({ group }) =>
      group.exists ? { expiresAt: group.tags.expiresAt ?? null, protected: group.tags.protected ?? null } : null,
    ),
    findGroups: async () => ({
      groups: [...arms].filter(([, { group }]) => group.exists).map(([name, arm]) => foundGroupOf(name, arm)),
      next: null,
      armNow: Date.now(),
    }),
    readOwnedGroup: fake('readOwnedGroup', noSubject, (arm, { ref }) => ({
      group: arm.group.exists ? foundGroupOf(ref.name, arm) : null,
      suffix: refNamed(ref.name).suffix,
      found: {},
    })),
    deleteGroup: operation(
      ['deleteGroup', 'observeGroupDeletion'],
      noSubject,
      (arm, { ref }: { ref: EnvironmentRef }) => {
        requireSeal(arm);
        return arm.group.exists ? accepted(groupId(ref), 'Deleting') : gone;
      },
      (arm) => {
        arm.group.exists = false;
        arm.resources.clear();
        return { accepted: true };
      },
    ),
    ensureResource: operation(
      ['ensureResource', 'observeResource'],
      ({ key }) => key,
      (arm, { ref, key, readFirst }: EnsureResourceInput, tried) => {
        const { id } = plannedResource(ref, key);
        const state = readFirst ? stateOf(arm, id) : undefined;
        if (state === 'Succeeded') return { result: attemptsOf(tried) };
        putResource(arm, id, 'Creating');
        return accepted(id, 'Creating');
      },
      (arm, { ref, key }, tried) => {
        const { id } = plannedResource(ref, key);
        putResource(arm, id, 'Succeeded');
        const policyChanges = arm.policyChanges.filter(({ resource }) => resource === id);
        return { ...(policyChanges.length > 0 && { policyChanges }), ...attemptsOf(tried) };
      },
      resourceCreation.repeats,
    ),
    deleteResource: operation(
      ['deleteResource', 'observeDeletion'],
      subjectOf,
      (arm, { id }: DeleteResourceInput) => {
        requireSeal(arm);
        return stateOf(arm, id) === undefined ? gone : accepted(id, 'Deleting');
      },
      (arm, { id }) => {
        removeResource(arm, id);
        return { accepted: true };
      },
    ),
    observeDeletion: fake('observeDeletion', subjectOf, (arm, { id }) => removeResource(arm, id)),
    observeEgressConnections: fake('observeEgressConnections', noSubject, () => undefined),
    checkEgressConnections: fake('checkEgressConnections', noSubject, () => undefined),
    listLocks: fake('listLocks', noSubject, ({ locks }) => locks),
    listAdditions: fake('listAdditions', noSubject, () => ({
      resources: [],
      versions: [],
      containers: [],
      connections: [],
    })),
    deleteAddedContainers: fake('deleteAddedContainers', noSubject, () => undefined),
    deleteAddedVersions: fake('deleteAddedVersions', noSubject, () => undefined),
    deleteAddedConnections: fake('deleteAddedConnections', noSubject, () => undefined),
    verifyDeleted: fake('verifyDeleted', noSubject, ({ group, softDeletedVault }, { ref }) => [
      ...(group.exists ? [groupId(ref)] : []),
      ...(softDeletedVault ? [plannedResource(ref, 'vault').id] : []),
    ]),
    purgeVault: operation(
      ['purgeVault', 'observeVaultPurge'],
      noSubject,
      (arm, { ref }: { ref: EnvironmentRef }) =>
        arm.softDeletedVault ? accepted(plannedResource(ref, 'vault').id, 'Purging') : gone,
      (arm) => {
        arm.softDeletedVault = false;
        return { accepted: true };
      },
    ),
    checkPrivateLinks: fake('checkPrivateLinks', noSubject, () => undefined),
    grantRole: fake(
      'grantRole',
      ({ role }) => role,
      () => undefined,
    ),
    grantApprover: fake('grantApprover', noSubject, () => undefined),
    provisionNetwork: fake('provisionNetwork', noSubject, () => undefined),
    listRoles: fake('listRoles', noSubject, () => ({ principalId: 'jumpbox', ids: [] })),
    revokeRoles: fake('revokeRoles', noSubject, requireSeal),
    registerVersions: fake('registerVersions', noSubject, (_, { uploaded }) => ({
      codeId: `code of ${uploaded.codePath}`,
      modelId: `model of ${uploaded.modelPath}`,
      environmentId: `environment of ${uploaded.image}`,
    })),
    runJumpboxCommand: operation(
      ['beginJumpboxCommand', 'observeJumpboxCommand'],
      ({ command }) => command,
      (_, { ref, name }: BeginJumpboxCommandInput) => accepted(runCommandId(ref, name), 'Creating'),
      (arm, { command }) => arm.commandResults[command],
      jumpboxRun.repeats,
    ),
    deleteJumpboxCommand: fake(
      'deleteJumpboxCommand',
      ({ id }) => /\/runCommands\/([^-]+)/.exec(id)![1]!,
      () => undefined,
    ),
    proveOutside: fake('proveOutside', noSubject, (arm) => ({ rows: arm.outsideRows, settleMs: 1 })),
    proveFromArm: fake('proveFromArm', noSubject, (arm, { ref }) => {
      const exists = stateOf(arm, buildInternetRule(ref).id) !== undefined;
      const found = { check: 'build-time Internet rule', expected: 'does not exist', observed: `exists: ${exists}` };
      return { rows: rowsFrom('arm', rowsAt, [{ ...found, verdict: exists ? 'failed' : 'passed' }]) };
    }),
    readChanges: fake('readChanges', noSubject, (_, { wanted }) => ({
      found: wanted.map(() => null),
      unreadable: null,
    })),
    readContainerLog: fake('readContainerLog', noSubject, (arm) => ({ log: arm.containerLog })),
    tailContainerLog: fake('tailContainerLog', noSubject, (arm) => ({ log: arm.containerLog })),
    readOutputs: fake('readOutputs', noSubject, (_, { ref }) => ({
      scoringUri: `https://${ref.name}.westus2.inference.ml.azure.com/score`,
      workspaceId: plannedResource(ref, 'workspace').id,
    })),
  };
}
