import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../../e2e/support/until.ts';
import { cliEnvironment, mainFile, root } from './runMoat.ts';

/** Runs `moat` on a terminal of its own, of 100 columns. */
export function onTerminal(args: readonly string[], variables: Record<string, string>) {
  const command = `stty cols 100 rows 40; exec '${process.execPath}' '${mainFile}' ${args.join(' ')}`;
  const env = cliEnvironment({ TERM: 'xterm', ...variables });
  const child = spawn('script', ['-qefc', command, '/dev/null'], { env, cwd: root, stdio: 'pipe' });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  const closed = once(child, 'close');
  return {
    /** everything that was written to the terminal */
    screen: () => screen,
    type: (text: string) => child.stdin.write(text),
    /** Waits until the terminal has shown a text. */
    async shows(text: string | RegExp): Promise<void> {
      const isShown = async () => (typeof text === 'string' ? screen.includes(text) : text.test(screen));
      await until(`the terminal shows ${text}`, isShown).catch((error: unknown) => {
        throw new Error(screen, { cause: error });
      });
    },
    exitCode: async () => ((await closed) as [number])[0],
  };
}
