import { readFileSync } from 'node:fs';

/** A command of the jumpbox; each is one script in this directory. */
export type CommandName = 'setUp' | 'buildImage' | 'verify' | 'score' | 'scoreSample';

const files: Record<CommandName, string[]> = {
  setUp: ['lib.sh', 'set-up.sh'],
  buildImage: [
    'lib.sh',
    'repository.sh',
    'python-image.sh',
    'sample-locks.sh',
    'mlflow.sh',
    'docker-image.sh',
    'sample-files.sh',
    'compare-answers.sh',
    'sample-answer.sh',
    'try-image.sh',
    'check-image.sh',
    'upload.sh',
    'build-image.sh',
  ],
  verify: ['lib.sh', 'verify.sh'],
  score: ['lib.sh', 'endpoint.sh', 'score.sh'],
  scoreSample: ['lib.sh', 'endpoint.sh', 'compare-answers.sh', 'sample-answer.sh', 'score-sample.sh'],
};

const read = new Map<CommandName, string>();

/** A command's whole script: the common part and its own, read from disk once. */
export function scriptOf(name: CommandName): string {
  let script = read.get(name);
  if (script === undefined) {
    script = files[name].map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
    read.set(name, script);
  }
  return script;
}
