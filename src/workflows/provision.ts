import { isCancellation } from '@temporalio/workflow';
import { keptFindings } from '../domain/preflightReport.ts';
import { removeOnExit } from './buildInternetRule.ts';
import type { ProvisionInput, ProvisionResult } from './messages.ts';
import {
  buildImage,
  checkPreflight,
  createEndpoint,
  createJumpbox,
  createManagedNetwork,
  createNetwork,
  createResourceGroup,
  createWorkspace,
  proveIsolationOf,
  readOutputs,
} from './provisionSteps.ts';
import type { ProvisionRun } from './provisionSteps.ts';
import { withFindings } from './runFailure.ts';
import { createRunProgress } from './runProgress.ts';
import { scoreSample } from './scoreSample.ts';
import { createStepScheduler } from './stepScheduler.ts';

/** The sequence, top to bottom. Independent steps run in parallel. */
export function scheduleSteps(run: ProvisionRun) {
  const preflight = checkPreflight(run);
  const group = createResourceGroup(run, preflight.end);
  const network = createNetwork(run, group);
  const workspace = createWorkspace(run, group, network);
  const jumpbox = createJumpbox(run, network, workspace);
  const image = buildImage(run, workspace, jumpbox);
  const managedNetwork = createManagedNetwork(run, workspace);
  const endpoint = createEndpoint(run, workspace, image, managedNetwork);
  const proof = proveIsolationOf(run, endpoint, image);
  const score = scoreSample(run, endpoint, image);
  const outputs = readOutputs(run, proof, score);
  return { preflight, image, proof, score, outputs };
}

/** Provisions an environment, or continues where an earlier run stopped. The build-time Internet rule is removed however the run ends. */
export async function provision(input: ProvisionInput): Promise<ProvisionResult> {
  const { ref } = input;
  const progress = createRunProgress(`Provisioning ${ref.name}`);
  const scheduler = createStepScheduler(ref, progress);
  const run: ProvisionRun = {
    ...input,
    scheduler,
    progress,
    hasInventory: true,
    mayHaveInternetRule: false,
    machineReplaced: false,
    findings: undefined,
  };
  const { preflight, image, proof, score, outputs } = await scheduler.schedule(() => scheduleSteps(run));
  try {
    await scheduler.end();
  } catch (error) {
    progress.endRest('skipped', isCancellation(error) ? 'Cancelled' : 'NotReached');
    const ended = run.findings ? withFindings(error, keptFindings(run.findings)) : error;
    if (run.mayHaveInternetRule) await removeOnExit(ref, progress, ended);
    progress.flush();
    throw ended;
  }
  progress.flush();
  const { image: reference, commit, baseImages, localTry } = image.built.value();
  return {
    receipt: {
      findings: keptFindings(preflight.findings.value()),
      image: { image: reference, commit, baseImages },
      ...(localTry && { localTry }),
      policyChanges: scheduler.policyChanges(),
      proof: proof.result.value(),
      score: score.result.value(),
    },
    outputs: outputs.value(),
  };
}
