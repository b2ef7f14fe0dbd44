import type { Json } from '../../src/domain/environment.ts';
import type { Sample } from '../../src/domain/samples.ts';
import { sampleFailure } from '../../src/domain/scoreCheck.ts';
import type { SampleOutcome } from '../../src/domain/scoreCheck.ts';
import { addAnswer, listAnswers } from '../../src/emulator/dataPlane/scriptedAnswers.ts';
import { runScript } from '../../src/emulator/jumpbox/scriptRunner.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import type { CommandInputs } from '../../src/jumpbox/commands.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import type { CommandResults } from '../../src/jumpbox/commandOutcome.ts';
import type { CommandName } from '../../src/jumpbox/scripts.ts';
import {
  clientId,
  container,
  endpointName,
  isolatedCloud,
  scoringUri,
  storageAccount,
} from '../emulator/isolatedCloud.ts';
import type { IsolatedCloud } from '../emulator/isolatedCloud.ts';

const ml = 'Microsoft.MachineLearningServices/workspaces';
const limits = { requestTimeoutSeconds: 60, maxConcurrentRequests: 1, instanceCount: 1 };

/** An isolated cloud with a set-up jumpbox and a deployment whose model file has this content. */
export async function deployed(modelFile: Json) {
  const isolated: IsolatedCloud = isolatedCloud();
  const { cloud, vm, endpoint } = isolated;
  for (const role of ['push', 'blobs', 'keys'] as const) isolated.assign(role);

  async function run<Name extends CommandName>(name: Name, input: CommandInputs[Name]): Promise<CommandResults[Name]> {
    cloud.clock += 600_000;
    const ran = await runScript(cloud, vm, jumpboxCommand(name, input));
    return readOutcome(name, { ...ran, executionState: ran.state });
  }

  isolated.openInternet(true);
  await run('setUp', {});
  isolated.openInternet(false);
  const place = `https://${storageAccount}.blob.core.windows.net/${container}`;
  cloud.objects.put(`blob:${storageAccount}/${container}/m/model.json`, JSON.stringify(modelFile));
  const model = cloud.add(`${ml}/models/versions`, 'mlw-k3x9/m/1', { modelUri: `${place}/m` });
  cloud.add(`${ml}/onlineEndpoints/deployments`, `mlw-k3x9/${endpointName}/blue`, {
    model: model.id,
    requestSettings: { requestTimeout: 'PT1M', maxConcurrentRequestsPerInstance: 1 },
  });
  endpoint.properties['traffic'] = { blue: 100 };
  const address = { clientId, endpointId: endpoint.id, scoringUri };

  const sample = (sample: Sample, blobs = {}): Promise<SampleOutcome> =>
    run('scoreSample', { ...address, storageAccount, container, sample, blobs });

  return {
    isolated,
    run,
    sample,
    /** the failure that the step shows; undefined when the sample proves the model */
    failureOf: async (one: Sample) => sampleFailure(await sample(one), limits),
    score: (request: Json) => run('score', { ...address, request }),
    answer: (scripted: { [member: string]: Json }) => addAnswer(cloud, scripted),
    /** requests that the endpoint has received since an answer was scripted */
    received: (): number => listAnswers(cloud)[0]!.seen,
  };
}

export type Deployed = Awaited<ReturnType<typeof deployed>>;
