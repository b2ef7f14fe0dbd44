import type { EnsureOptions } from '../activities/resources/resourceType.ts';
import { bringsResources, isAbsent } from '../domain/broughtResources.ts';
import { leaseTags } from '../domain/lease.ts';
import { hasManagedNetwork, managedNetworkId, networkTask } from '../domain/managedNetwork.ts';
import { blocking } from '../domain/preflightReport.ts';
import type { Finding } from '../domain/preflightReport.ts';
import { privateLinkKeys, privateLinks, zoneNames } from '../domain/privateLinks.ts';
import type { ResourceKey } from '../domain/resourceKeys.ts';
import { hasOwnEndpoints, isolationOf } from '../domain/isolationSpec.ts';
import { plannedResource } from '../domain/resources.ts';
import { scoringRoles } from '../domain/roleDefinitions.ts';
import type { ScoringRole } from '../domain/roleDefinitions.ts';
import { formatOf } from '../domain/samples.ts';
import { usesOf } from '../domain/usesTags.ts';
import { activityOptions, armRead, armWrite } from './armActivities.ts';
import { removeBuildInternetRule } from './buildInternetRule.ts';
import { withContainerLog } from './containerLog.ts';
import { createMachine } from './createMachine.ts';
import type { ProvisionInput } from './messages.ts';
import { provisionNetwork } from './provisionNetwork.ts';
import { proveIsolation } from './proveIsolation.ts';
import { replaceMachine } from './replaceMachine.ts';
import { runFailureOf } from './runFailure.ts';
import { runOnJumpbox } from './runOnJumpbox.ts';
import type { RunProgress } from './runProgress.ts';
import type { StepScheduler } from './stepScheduler.ts';
import type { Task } from './taskGraph.ts';

/** The state that the steps of one run share. */
export interface ProvisionRun extends ProvisionInput {
  scheduler: StepScheduler;
  progress: RunProgress;
  /** the group may have resources of an earlier run: each is read before it is written */
  hasInventory: boolean;
  mayHaveInternetRule: boolean;
  /** the jumpbox's virtual machine was created a second time, after a command that never ended */
  machineReplaced: boolean;
  /** of the preflight; undefined before it has answered */
  findings: Finding[] | undefined;
}

/** Schedules a resource of the catalogue. */
function resource(run: ProvisionRun, key: ResourceKey, needs: Task | readonly Task[], options?: EnsureOptions): Task {
  const { step, row } = plannedResource(run.ref, key);
  // an existing resource takes its place
  if (isAbsent(run.ref, row)) return run.scheduler.runAfter(needs, step, 'skip', async () => {});
  return run.scheduler.runAfter(needs, step, `ensure:${key}`, () =>
    run.scheduler.ensure(key, run.hasInventory, options),
  );
}

/** Read-only checks. Nothing is created before they pass. */
export function checkPreflight(run: ProvisionRun) {
  const { ref, spec, specHash, namesFreedAt, scheduler } = run;
  const found = scheduler.runAfter([], 'preflight', 'check:environment', async () => {
    const { findings, inventory } = await armRead.preflight.executeWithOptions(
      // dozens of reads, which the rate limit delays while many runs are in progress
      { ...activityOptions('preflight', 'check', 'environment'), startToCloseTimeout: '5 minutes' },
      [{ ref, spec, specHash, namesFreedAt }],
    );
    run.findings = findings;
    run.hasInventory = inventory.length > 0;
    // an earlier run may have been terminated before it removed the rule
    run.mayHaveInternetRule = run.hasInventory && !isAbsent(ref, 'buildInternetRule');
    const reasons = blocking(findings);
    if (reasons.length === 0) return findings;
    throw runFailureOf(
      'PreflightFailed',
      reasons.map(({ rule, message }) => `${rule}: ${message}`).join('\n'),
      reasons.map(({ remedy }) => remedy).join('\n'),
    );
  });
  return { findings: found, end: scheduler.endStep('preflight', [found]) };
}

export function createResourceGroup(
  { ref, spec, specHash, lease, scheduler, progress }: ProvisionRun,
  preflight: Task,
): Task {
  const group = scheduler.runAfter(preflight, 'resourceGroup', 'ensure:group', async () => {
    const { name: environment } = ref;
    const tags = {
      environment,
      owner: spec.owner,
      ...leaseTags(lease),
      spec: specHash,
      state: 'provisioning',
      uses: usesOf(ref),
    };
    const { id } = await armWrite.ensureGroup.executeWithOptions(activityOptions('resourceGroup', 'ensure', 'group'), [
      { ref, tags, ...(spec.adopt && { adopt: true }) },
    ]);
    progress.resource('resourceGroup', id, 'Succeeded');
  });
  return scheduler.endStep('resourceGroup', [group]);
}

/** Writes on the virtual network and its security group run one at a time: each waits for the previous one. */
export function createNetwork(run: ProvisionRun, group: Task) {
  const natAddress = resource(run, 'natAddress', group);
  const securityGroup = resource(run, 'networkSecurityGroup', group);
  const natGateway = resource(run, 'natGateway', natAddress);
  const virtualNetwork = resource(run, 'virtualNetwork', [securityGroup, natGateway]);
  const zones = new Map(zoneNames.map((zone) => [zone, resource(run, `zone:${zone}`, group)]));
  const zoneLinks = zoneNames.map((zone) => resource(run, `zoneLink:${zone}`, [virtualNetwork, zones.get(zone)!]));
  const end = run.scheduler.endStep('network', [virtualNetwork, ...zones.values(), ...zoneLinks]);
  return { virtualNetwork, zones, zoneLinks, end };
}
type Network = ReturnType<typeof createNetwork>;

/** The workspace, what it depends on, and the private links of each. */
export function createWorkspace(run: ProvisionRun, group: Task, network: Network) {
  const { virtualNetwork, zones, zoneLinks } = network;
  const { ref, spec, scheduler } = run;
  const isolation = isolationOf(spec);
  const identity = resource(run, 'identity', group);
  const storageAccount = resource(run, 'storageAccount', group, isolation);
  const vault = resource(run, 'vault', group);
  const registry = resource(run, 'registry', group, isolation);
  const logAnalytics = resource(run, 'logAnalytics', group);
  const applicationInsights = resource(run, 'applicationInsights', logAnalytics);
  const workspace = resource(run, 'workspace', [storageAccount, vault, registry, applicationInsights], isolation);
  const targets = { storageAccount, vault, registry, workspace };
  const zoneGroups = privateLinkKeys.map((link) => {
    const { target, zoneNames } = privateLinks[link];
    const privateEndpoint = resource(run, `privateEndpoint:${link}`, [virtualNetwork, targets[target]]);
    return resource(run, `zoneGroup:${link}`, [privateEndpoint, ...zoneNames.map((zone) => zones.get(zone)!)]);
  });
  const connected = scheduler.runAfter([...zoneGroups, ...zoneLinks], 'workspace', 'check:privateLinks', () =>
    armRead.checkPrivateLinks.executeWithOptions(
      {
        ...activityOptions('workspace', 'check', 'privateLinks'),
        // owners of existing resources approve connections, and policies write records, in their own time
        ...(bringsResources(ref) && { scheduleToCloseTimeout: '7 days' }),
      },
      [{ ref }],
    ),
  );
  const end = scheduler.endStep('workspace', [identity, connected, network.end]);
  const workspaceLink = zoneGroups[privateLinkKeys.indexOf('workspace')]!;
  return { identity, storageAccount, registry, workspace, workspaceLink, end };
}
type Workspace = ReturnType<typeof createWorkspace>;

function grantRole(
  { ref, spec, scheduler }: ProvisionRun,
  step: 'jumpbox' | 'endpoint',
  role: Role,
  needs: readonly Task[],
): Task {
  const { keyReaderRoleDefinitionId } = spec.jumpbox;
  const given = step === 'endpoint' && keyReaderRoleDefinitionId ? { roleDefinitionId: keyReaderRoleDefinitionId } : {};
  return scheduler.runAfter(needs, step, `grant:${role}`, () =>
    armWrite.grantRole.executeWithOptions(activityOptions(step, 'grant', role), [{ ref, role, ...given }]),
  );
}
type Role = 'pushImages' | 'uploadBlobs' | ScoringRole;

const setUp = (run: ProvisionRun, replace: () => Promise<boolean>) =>
  runOnJumpbox({ ref: run.ref, runId: run.runId, step: 'jumpbox', replaceMachine: replace }, 'setUp', {});

/** The virtual machine and its set-up, which do not wait for the workspace; the step ends after the steps in its `needs`. */
export function createJumpbox(run: ProvisionRun, network: Network, workspace: Workspace): Task {
  const { scheduler } = run;
  const { identity, registry, storageAccount } = workspace;
  const networkInterface = resource(run, 'networkInterface', network.virtualNetwork);
  const virtualMachine = scheduler.runAfter([networkInterface, identity], 'jumpbox', 'ensure:virtualMachine', () =>
    createMachine(run, run.hasInventory),
  );
  const internetRule = isAbsent(run.ref, 'buildInternetRule')
    ? network.virtualNetwork
    : scheduler.runAfter(network.virtualNetwork, 'jumpbox', 'ensure:buildInternetRule', () => {
        run.mayHaveInternetRule = true;
        return scheduler.ensure('buildInternetRule', run.hasInventory);
      });
  const isSetUp = scheduler.runAfter([virtualMachine, internetRule], 'jumpbox', 'run:setUp', () =>
    setUp(run, () => replaceMachine(run, () => createMachine(run, true))),
  );
  // without code, nothing is pushed
  const buildsImage = isolationOf(run.spec).serving === 'builtImage';
  const pushImages = buildsImage ? [grantRole(run, 'jumpbox', 'pushImages', [registry, identity])] : [];
  const uploadBlobs = grantRole(run, 'jumpbox', 'uploadBlobs', [storageAccount, identity]);
  return scheduler.endStep('jumpbox', [isSetUp, ...pushImages, uploadBlobs, network.end, workspace.end]);
}

/** Builds the image on the jumpbox and uploads code and model, then removes the build-time Internet rule. */
export function buildImage(run: ProvisionRun, workspace: Workspace, jumpbox: Task) {
  const { ref, runId, scheduler } = run;
  const { model, probe, tryLocally } = run.spec;
  const { serving } = isolationOf(run.spec);
  const input = { model, probe, serving, ...(tryLocally && { tryLocally }) };
  const replaceAndSetUp = () =>
    replaceMachine(run, async () => {
      await createMachine(run, true);
      await setUp(run, async () => false);
    });
  const built = scheduler.runAfter([jumpbox, workspace.end], 'image', 'run:buildImage', () =>
    runOnJumpbox({ ref, runId, step: 'image', replaceMachine: replaceAndSetUp }, 'buildImage', input),
  );
  if (isAbsent(ref, 'buildInternetRule')) return { built, end: scheduler.endStep('image', [built]) };
  const ruleRemoved = scheduler.runAfter(built, 'image', 'delete:buildInternetRule', async () => {
    await removeBuildInternetRule(ref);
    run.mayHaveInternetRule = false;
  });
  return { built, end: scheduler.endStep('image', [built, ruleRemoved]) };
}
export type Image = ReturnType<typeof buildImage>;

/** The workspace's managed network, where the spec has one: deployments wait for it. It is provisioned while the image is built. */
export function createManagedNetwork(
  { ref, spec, scheduler, progress }: ProvisionRun,
  { workspace }: Workspace,
): Task[] {
  if (!hasManagedNetwork(spec)) return [];
  const approver = scheduler.runAfter(workspace, 'endpoint', 'grant:approveConnections', () =>
    armWrite.grantApprover.executeWithOptions(activityOptions('endpoint', 'grant', 'approveConnections'), [
      { ref, outboundRules: spec.outboundRules },
    ]),
  );
  const network = scheduler.runAfter(approver, 'endpoint', networkTask(spec), async () => {
    await provisionNetwork({ ref, ...isolationOf(spec) }, 'endpoint');
    progress.resource('endpoint', managedNetworkId(plannedResource(ref, 'workspace').id), 'Succeeded');
  });
  return [network];
}

/** The endpoint, the deployment of the image, code and model, and its traffic. `network`: what the deployment waits for, besides. */
export function createEndpoint(
  run: ProvisionRun,
  workspace: Workspace,
  { built }: Image,
  network: readonly Task[],
): Task {
  const { ref, spec, scheduler } = run;
  const { instanceType, instanceCount, probe, requestTimeoutSeconds, maxConcurrentRequests } = spec;
  const format = formatOf(spec.model);
  const isolation = isolationOf(spec);
  const serving = {
    ...isolation,
    format,
    instanceType,
    instanceCount,
    probe,
    requestTimeoutSeconds,
    maxConcurrentRequests,
  };
  // the documented order: the endpoint after its workspace's private endpoint
  const onlineEndpoint = resource(run, 'onlineEndpoint', workspace.workspaceLink, isolation);
  const mayScore = grantRole(run, 'endpoint', scoringRoles[isolation.authMode], [onlineEndpoint, workspace.identity]);
  const registered = scheduler.runAfter(built, 'endpoint', 'register:versions', () =>
    armWrite.registerVersions.executeWithOptions(activityOptions('endpoint', 'register', 'versions'), [
      { ref, uploaded: built.value(), format },
    ]),
  );
  const deployment = scheduler.runAfter(
    [onlineEndpoint, registered, ...network],
    'endpoint',
    'ensure:deployment',
    async () => {
      const versions = registered.value();
      await scheduler.ensure('deployment', run.hasInventory, { ...serving, versions }).catch(async (error: unknown) => {
        throw await withContainerLog(ref, error);
      });
    },
  );
  const traffic = scheduler.runAfter(deployment, 'endpoint', 'ensure:traffic', () =>
    scheduler.ensure('onlineEndpoint', true, { ...isolation, traffic: 100 }),
  );
  const connected = hasOwnEndpoints(isolation) ? [checkEgressConnections(run, deployment)] : [];
  return scheduler.endStep('endpoint', [traffic, ...connected, mayScore, workspace.end]);
}

/** The managed connections of a deployment without public egress. */
const checkEgressConnections = ({ ref, scheduler }: ProvisionRun, deployment: Task): Task =>
  scheduler.runAfter(deployment, 'endpoint', 'check:egressConnections', () =>
    armRead.checkEgressConnections.executeWithOptions(activityOptions('endpoint', 'check', 'egressConnections'), [
      { ref },
    ]),
  );

export function proveIsolationOf(
  { ref, runId, spec, previousVerdicts, scheduler }: ProvisionRun,
  endpoint: Task,
  image: Image,
) {
  const isolation = isolationOf(spec);
  const result = scheduler.runAfter([endpoint, image.end], 'verify', 'run:verify', () =>
    proveIsolation({ ...isolation, ref, runId, previousVerdicts }),
  );
  return { result, end: scheduler.endStep('verify', [result]) };
}

export const readOutputs = ({ ref, scheduler }: ProvisionRun, proof: { end: Task }, score: { end: Task }) =>
  scheduler.runAfter([proof.end, score.end], 'score', 'read:outputs', () =>
    armRead.readOutputs.executeWithOptions(activityOptions('score', 'read', 'outputs'), [{ ref }]),
  );
