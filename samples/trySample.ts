import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nextFreePort } from '../src/main/ports.ts';
import { askInferenceServer } from './inferenceServer.ts';
import type { ServedAnswer } from './inferenceServer.ts';
import { writeSampleImage } from './moatImages.ts';
import type { SampleName } from './moatImages.ts';
import { makeEnvironment, nearestInterpreter, runShown, versionsOf } from './pythonEnvironment.ts';

/** What is reported of one sample. */
export interface SampleResult {
  sample: SampleName;
  /** the release in Moat's image, and the one that was used here */
  python: { shipped: string; used: string };
  packages: Record<string, string>;
  expected: number[];
  /** of the scoring script, called directly */
  answer: number[];
  served: ServedAnswer;
  met: boolean;
}

/** The published answers are met within this relative difference: score-check.json asks for the integer part only. */
const tolerance = 1e-6;

/** Whether two lists of numbers are equal within the tolerance. */
export const isMet = (answer: unknown, expected: readonly number[]): boolean =>
  Array.isArray(answer) &&
  answer.length === expected.length &&
  expected.every((value, index) => Math.abs(Number(answer[index]) - value) <= tolerance * Math.abs(value));

/** The names of the published request and answer. */
const published: Record<SampleName, string> = { custom: 'generic', mlflow: 'mlflow' };
const shown = [
  'scikit-learn',
  'numpy',
  'scipy',
  'pandas',
  'joblib',
  'mlflow',
  'cloudpickle',
  'azureml-inference-server-http',
];

/** Builds the sample's environment as Moat ships it, scores the published request, and compares the answers. */
export async function trySample(
  sample: SampleName,
  { data, directory, progress }: { data: string; directory: string; progress: (line: string) => void },
): Promise<SampleResult> {
  const home = join(directory, sample);
  await mkdir(home, { recursive: true });
  const image = writeSampleImage(sample, home);
  const interpreter = nearestInterpreter(image.python);
  if (!interpreter) throw new Error('there is no Python 3 with venv on this machine');
  progress(`Python ${interpreter.version} (Moat's image has ${image.python}); installing the packages with pip`);
  const programs = await makeEnvironment(interpreter, join(home, 'environment'), image.requirements);
  const packages = await versionsOf(programs, shown);

  const request = join(data, `${published[sample]}-sample-request.json`);
  const expected = JSON.parse(
    await readFile(join(data, `${published[sample]}-expected-response.json`), 'utf8'),
  ) as number[];
  const script = join(image.code ?? import.meta.dirname, 'score.py');
  // where the platform mounts the model: a file right below AZUREML_MODEL_DIR, a directory of files within it
  const model = join(data, 'samples', sample);

  progress('calling the scoring script with the published request');
  const printed = await runShown(
    join(programs, 'python'),
    [join(import.meta.dirname, 'run_script.py'), script, request],
    {
      AZUREML_MODEL_DIR: model,
    },
  );
  const answer = JSON.parse(printed.trim().split('\n').at(-1)!) as number[];

  progress('sending it to the inference server over HTTP');
  const port = await nextFreePort(31_311);
  const served = await askInferenceServer(programs, { script, model, port, request: await readFile(request, 'utf8') });
  const met = isMet(answer, expected) && served.status === 200 && isMet(served.body, expected);
  return {
    sample,
    python: { shipped: image.python, used: interpreter.version },
    packages,
    expected,
    answer,
    served,
    met,
  };
}
