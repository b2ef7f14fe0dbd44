import type { SampleScore } from '../domain/environment.ts';
import { sampleFailure, tooManyRequests } from '../domain/scoreCheck.ts';
import type { Image, ProvisionRun } from './provisionSteps.ts';
import { failureOf, runFailure, runFailureOf } from './runFailure.ts';
import { runOnJumpbox } from './runOnJumpbox.ts';
import type { Task } from './taskGraph.ts';

/** Scores the model's sample from inside the network, where the answer is compared with the expected one. */
export function scoreSample(run: ProvisionRun, endpoint: Task, image: Image) {
  const { scheduler } = run;
  const result = scheduler.runAfter([endpoint, image.end], 'score', 'run:score', () => scoreOnce(run, image));
  return { result, end: scheduler.endStep('score', [result]) };
}

async function scoreOnce({ ref, spec, runId, progress }: ProvisionRun, { built }: Image): Promise<SampleScore> {
  const { model } = spec;
  const { requestBlob, expectedBlob } = built.value();
  const blobs = { ...(requestBlob && { request: requestBlob }), ...(expectedBlob && { expected: expectedBlob }) };
  const onRetry = (failure: Parameters<typeof progress.retry>[1]) => progress.retry('score', failure);
  const outcome = await runOnJumpbox({ ref, runId, step: 'score', onRetry }, 'scoreSample', { model, blobs }).catch(
    (error: unknown) => {
      const failure = failureOf(error, 'score');
      throw failure.type === 'Throttled' ? runFailure({ ...failure, remedy: tooManyRequests(spec) }) : error;
    },
  );
  const failure = sampleFailure(outcome, spec);
  if (failure) throw runFailureOf(failure.type, failure.message, failure.remedy);
  const { comparison: _, ...score } = outcome;
  return score;
}
