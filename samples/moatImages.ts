import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export type SampleName = 'custom' | 'mlflow';

/** What Moat's own scripts build a sample's image from. */
export interface SampleImage {
  /** the release of Python, `3.12.11` */
  python: string;
  /** the file of pip requirements */
  requirements: string;
  /** the directory of the scoring script; absent where the sample brings its own */
  code?: string;
}

const scripts = join(import.meta.dirname, '../src/jumpbox');

/** Runs functions of the jumpbox's scripts: nothing is copied from them, so what is tried here is what is shipped. */
function runShipped(command: string): string {
  const sources = ['python-image.sh', 'sample-locks.sh', 'mlflow.sh'].map((file) => `source '${join(scripts, file)}'`);
  const { status, stdout, stderr } = spawnSync('bash', ['-euc', [...sources, command].join('\n')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the scripts in src/jumpbox failed: ${stderr}`);
  return stdout.trim();
}

/** Writes what Moat builds the sample's image from to a directory. */
export function writeSampleImage(sample: SampleName, directory: string): SampleImage {
  const requirements = join(directory, 'requirements.lock');
  runShipped(`sample_requirements ${sample} >'${requirements}'`);
  const python = runShipped(`sample_python ${sample}`);
  if (sample === 'custom') return { python, requirements };
  const code = join(directory, 'code');
  runShipped(`write_mlflow_code '${code}'`);
  return { python, requirements, code };
}
