import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JumpboxCommand } from '../../src/jumpbox/commands.ts';

/** Runs jumpbox scripts in the local bash, with stubs for the tools that only the jumpbox has. */
export class ScriptMachine {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async make(tools: Record<string, string>): Promise<ScriptMachine> {
    const machine = new ScriptMachine(await mkdtemp(join(tmpdir(), 'moat-jumpbox-')));
    await mkdir(join(machine.home, 'bin'));
    for (const [name, body] of Object.entries({ sleep: '', ...tools })) {
      const file = join(machine.home, 'bin', name);
      const record = `printf '%s\\n' "${name} $*" >>"${machine.home}/calls"`;
      await writeFile(file, `#!/usr/bin/env bash\n${record}\nhome="${machine.home}"\n${body}\n`);
      await chmod(file, 0o755);
    }
    return machine;
  }

  run({ script, parameters }: JumpboxCommand): Promise<{ exitCode: number; output: string; error: string }> {
    const env = {
      ...process.env,
      PATH: `${join(this.home, 'bin')}:${process.env['PATH']}`,
      ...Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
    };
    const here = script.replaceAll('/var/lib/moat', join(this.home, 'state'));
    return new Promise((resolve) => {
      const child = execFile('bash', ['-c', here], { env, cwd: this.home }, (error, output, stderr) => {
        resolve({ exitCode: error ? (child.exitCode ?? 1) : 0, output, error: stderr });
      });
    });
  }

  async calls(): Promise<string[]> {
    return (await readFile(join(this.home, 'calls'), 'utf8')).trimEnd().split('\n');
  }

  remove(): Promise<void> {
    return rm(this.home, { recursive: true });
  }
}
