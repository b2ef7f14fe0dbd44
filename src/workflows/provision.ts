import { isCancellation, patched } from '@temporalio/workflow';
import { scoresMatch, scoreFailure } from '../domain/scoreCheck.ts';
import type { Json } from '../domain/environment.ts';
import { leaseTags } from '../domain/lease.ts';
import { privateLinkNames, privateLinks, zoneNames } from '../domain/naming.ts';
import type { PrivateLink } from '../domain/naming.ts';
import { blocking } from '../domain/preflight.ts';
import type { ResourceKey } from '../domain/resources.ts';
import { formatOf, sampleOf } from '../domain/samples.ts';
import { armRead, activityOptions, armWrite } from './armActivities.ts';
import { runFailureOf } from './runFailure.ts';
import { removeOnExit, removeBuildInternetRule } from './buildInternetRule.ts';
import { proveIsolation } from './proveIsolation.ts';
import { runOnJumpbox } from './runOnJumpbox.ts';
import { networkLane } from './lane.ts';
import type { ProvisionInput, ProvisionResult } from './messages.ts';
import { createRunProgress } from './runProgress.ts';
import { createStepScheduler } from './stepScheduler.ts';

const shortened = (body: Json): string => JSON.stringify(body).slice(0, 500);

/** Stands up an environment, top to bottom; what does not depend on each other happens at the same time. */
export async function provision({ site, spec, specHash, lease, runId }: ProvisionInput): Promise<ProvisionResult> {
  const progress = createRunProgress(`Provisioning ${site.name}`);
  const { after, ensure, step, end } = createStepScheduler(site, progress);
  const on = (stepId: 'jumpbox' | 'image' | 'score') => ({ site, runId, step: stepId });
  const { model, instanceType, instanceCount, workspacePublicNetworkAccess } = spec;
  const format = formatOf(model);
  const lane = networkLane();
  let look = true;
  const internet = { open: false };
  const make = (key: ResourceKey, options = {}) => ensure(key, look, options);

  // preflight: nothing is created before it passes
  const checked = after([], 'preflight', async () => {
    const { findings, inventory } = await armRead.preflight.executeWithOptions(
      // Dozens of reads: with many runs at once, they take turns for ARM's bucket.
      { ...activityOptions('preflight', 'check before anything is created'), startToCloseTimeout: '5 minutes' },
      [{ site, spec, specHash }],
    );
    look = inventory.length > 0;
    // a run before this one may have been lost with the rule open
    internet.open = look && patched('closes-what-an-earlier-run-opened');
    const reasons = blocking(findings);
    if (reasons.length > 0)
      throw runFailureOf(
        'PreflightFailed',
        reasons.map(({ rule, message }) => `${rule}: ${message}`).join('\n'),
        reasons.map(({ remedy }) => remedy).join('\n'),
      );
    return findings;
  });
  const preflight = step('preflight', [checked]);

  // resource group
  const grouped = after(preflight, 'resourceGroup', async () => {
    const tags = {
      environment: site.name,
      owner: spec.owner,
      ...leaseTags(lease),
      spec: specHash,
      state: 'provisioning',
    };
    const { id } = await armWrite.ensureGroup.executeWithOptions(
      activityOptions('resourceGroup', 'ensure resource group'),
      [{ site, tags }],
    );
    progress.resource('resourceGroup', id, 'Succeeded');
  });
  const group = step('resourceGroup', [grouped]);

  // network
  const natAddress = after(group, 'network', () => make('natAddress'));
  const securityGroup = after(group, 'network', () => make('networkSecurityGroup'));
  const natGateway = after(natAddress, 'network', () => make('natGateway'));
  const virtualNetwork = after([securityGroup, natGateway], 'network', () => make('virtualNetwork'));
  // first in its lane: the machine has the longest way before it
  const makeInterface = () => after(virtualNetwork, 'jumpbox', () => lane.write(() => make('networkInterface')));
  const early = lane.inTurn ? makeInterface() : undefined;
  const zones = new Map(zoneNames.map((zone) => [zone, after(group, 'network', () => make(`zone:${zone}`))]));
  const zoneLinks = zoneNames.map((zone) =>
    after([virtualNetwork, zones.get(zone)!], 'network', () => make(`zoneLink:${zone}`)),
  );
  const network = step('network', [virtualNetwork, ...zones.values(), ...zoneLinks]);

  // workspace, with what it depends on and the private way to each
  const identity = after(group, 'workspace', () => make('identity'));
  const storageAccount = after(group, 'workspace', () => make('storageAccount'));
  const vault = after(group, 'workspace', () => make('vault'));
  const registry = after(group, 'workspace', () => make('registry'));
  const logAnalytics = after(group, 'workspace', () => make('logAnalytics'));
  const applicationInsights = after(logAnalytics, 'workspace', () => make('applicationInsights'));
  const workspace = after([storageAccount, vault, registry, applicationInsights], 'workspace', () =>
    make('workspace', { workspacePublicNetworkAccess }),
  );
  const target: Record<PrivateLink, Promise<unknown>> = {
    vault,
    blob: storageAccount,
    file: storageAccount,
    registry,
    workspace,
  };
  const zoneGroups = privateLinkNames.map((link) => {
    const privateEndpoint = after([virtualNetwork, target[link]], 'workspace', () =>
      lane.write(() => make(`privateEndpoint:${link}`)),
    );
    const zonesOfLink = privateLinks[link].zones.map((zone) => zones.get(zone)!);
    return after([privateEndpoint, ...zonesOfLink], 'workspace', () => make(`zoneGroup:${link}`));
  });
  const reachable = after([...zoneGroups, ...zoneLinks], 'workspace', () =>
    armRead.checkPrivateLinks.executeWithOptions(activityOptions('workspace', 'check connections and records'), [
      { site },
    ]),
  );
  const privateWorkspace = step('workspace', [identity, reachable]);

  // jumpbox: does not wait for the workspace
  const grant = (role: 'pushImages' | 'uploadBlobs' | 'listKeys') =>
    armWrite.grantRole.executeWithOptions(activityOptions('jumpbox', `grant role ${role}`), [{ site, role }]);
  const openInternet = after(virtualNetwork, 'jumpbox', () => {
    internet.open = true;
    return make('buildInternetRule');
  });
  const networkInterface = early ?? makeInterface();
  const virtualMachine = after([networkInterface, identity], 'jumpbox', () => make('virtualMachine'));
  const setUp = after([virtualMachine, openInternet], 'jumpbox', () => runOnJumpbox(on('jumpbox'), 'setUp', {}));
  const pushImages = after([registry, identity], 'jumpbox', () => grant('pushImages'));
  const uploadBlobs = after([storageAccount, identity], 'jumpbox', () => grant('uploadBlobs'));
  // a step ends after those that it needs, which it did by its duration only
  const shownAfter = lane.inTurn ? [network, privateWorkspace] : [network];
  const jumpbox = step('jumpbox', [setUp, pushImages, uploadBlobs, ...shownAfter]);

  // image
  const built = after([jumpbox, privateWorkspace], 'image', () => runOnJumpbox(on('image'), 'buildImage', { model }));
  const closedInternet = after(built, 'image', async () => {
    await removeBuildInternetRule(site);
    internet.open = false;
  });
  const image = step('image', [built, closedInternet]);

  // endpoint
  const onlineEndpoint = after(workspace, 'endpoint', () => make('onlineEndpoint'));
  const listKeys = after([onlineEndpoint, identity], 'endpoint', () => grant('listKeys'));
  const deployment = after([onlineEndpoint, built], 'endpoint', async () => {
    const uploaded = await built;
    const versions = await armWrite.registerVersions.executeWithOptions(
      activityOptions('endpoint', 'register code, model and environment'),
      [{ site, uploaded, format }],
    );
    await make('deployment', { format, instanceType, instanceCount, versions });
    await ensure('onlineEndpoint', true, { traffic: 100 });
  });
  const endpoint = step('endpoint', [deployment, listKeys, privateWorkspace]);

  // verify and score
  const isolation = after([endpoint, image], 'verify', () => proveIsolation({ site, runId }));
  const verify = step('verify', [isolation]);
  const sample = sampleOf(model);
  const scored = after([endpoint, image], 'score', async () => {
    const score = await runOnJumpbox(on('score'), 'score', { request: sample.request });
    if (score.status === 200 && scoresMatch(sample.expected, score.body)) return score;
    const { type, remedy } = scoreFailure(score.status);
    throw runFailureOf(
      type,
      `HTTP ${score.status}: ${shortened(score.body)} instead of ${shortened(sample.expected)}`,
      remedy,
    );
  });
  const score = step('score', [scored]);
  const outputs = after([verify, score], 'score', () =>
    armRead.readOutputs.executeWithOptions(activityOptions('score', 'read outputs'), [{ site }]),
  );

  try {
    await end();
  } catch (error) {
    progress.endRest('skipped', isCancellation(error) ? 'Cancelled' : 'NotReached');
    if (internet.open) await removeOnExit(site, progress, error);
    throw error;
  }
  return {
    receipt: { proof: await isolation, score: { ...(await scored), expected: sample.expected } },
    outputs: await outputs,
  };
}
