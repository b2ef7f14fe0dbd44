import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environment, startFakeMoat } from './support/fakeMoat.ts';
import { mainFile, run, temporaryDirectory } from './support/runMoat.ts';

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** Runs a shell script in which `moat` is a command. */
async function inShell(shell: string, script: string): Promise<string> {
  const bin = temporaryDirectory();
  writeFileSync(join(bin, 'moat'), `#!/bin/sh\nexec '${process.execPath}' '${mainFile}' "$@"\n`);
  chmodSync(join(bin, 'moat'), 0o755);
  const environments = [environment('churn1'), environment('churn2'), environment('fraud')];
  const { url } = await startFakeMoat({ 'GET /environments': [{ body: { items: environments, nextCursor: null } }] });
  const env = { MOAT_URL: url, PATH: `${bin}:${process.env['PATH']}`, HOME: bin };
  const { stdout, stderr } = await run(shell, ['-c', script], { env });
  expect(stderr).toBe('');
  return stdout;
}

const cases: [typed: string[], expected: string[]][] = [
  [['s'], ['score', 'show', 'sweep']],
  [
    ['sweep', ''],
    ['approve', 'ls', 'show'],
  ],
  [
    ['show', 'ch'],
    ['churn1', 'churn2'],
  ],
  [['up', 'x', '--on-f'], ['--on-failure']],
  [
    ['up', 'x', '--on-failure', ''],
    ['keep', 'teardown'],
  ],
  [['completion', 'f'], ['fish']],
];

describe('completion in bash', () => {
  it.each(cases)('of %j', async (typed, expected) => {
    const words = ['moat', ...typed].map((word) => `'${word}'`).join(' ');
    const script = `source <(moat completion bash); COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _moat; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect((await inShell('bash', script)).trim().split('\n').toSorted()).toEqual(expected);
  });
});

describe.skipIf(!isInstalled('zsh'))('completion in zsh', () => {
  it.each(cases)('of %j', async (typed, expected) => {
    const words = ['moat', ...typed].map((word) => `'${word}'`).join(' ');
    // Stands in for the functions of the line editor, which need a terminal.
    const standIns = `compdef() { : }; _describe() { print -l -- \${candidates%%:*} }; _files() { : }`;
    const script = `${standIns}; source <(moat completion zsh); words=(${words}); CURRENT=${typed.length + 1}; _moat`;
    const found = (await inShell('zsh', script))
      .trim()
      .split('\n')
      .filter((word) => word.startsWith(typed.at(-1)!));
    expect(found.toSorted()).toEqual(expected);
  });
});

describe.skipIf(!isInstalled('fish'))('completion in fish', () => {
  it.each(cases)('of %j', async (typed, expected) => {
    const script = `moat completion fish | source; complete -C 'moat ${typed.join(' ')}' | string split -f1 \\t`;
    expect((await inShell('fish', script)).trim().split('\n').toSorted()).toEqual(expected);
  });
});
