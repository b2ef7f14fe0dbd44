import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cliVersion } from './cliRelease.ts';

export const cliModule = `github.com/temporalio/cli/cmd/temporal@v${cliVersion}`;

/** Lines of a failed build that are reported. */
const reportedLines = 10;

/**
 * Builds the Temporal CLI among Go's binaries. `draw` receives the progress each second, in one line. Throws an Error with the last lines of
 * Go's output when the build fails, and one that names the command when there is no Go.
 */
export async function goInstall(draw: (line: string) => void): Promise<void> {
  // With -v, Go prints each package that it compiles.
  const child = spawn('go', ['install', '-v', cliModule], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`go cannot be run: ${error.message}`)));
    child.once('close', resolve);
  });
  const progress = countLines();
  createInterface({ input: child.stderr }).on('line', progress.add);
  const clock = setInterval(() => draw(progress.text()), 1_000);
  try {
    const code = await ended;
    if (code !== 0) throw new Error(`go install ended with code ${code}:\n${progress.last().join('\n')}`);
  } finally {
    clearInterval(clock);
  }
}

/** Counts the lines of `go install -v`. */
function countLines() {
  const startedAt = Date.now();
  const last: string[] = [];
  let [modules, packages] = [0, 0];
  return {
    add(line: string): void {
      if (line.startsWith('go: downloading ')) modules += 1;
      else if (/^[\w./~-]+$/.test(line)) packages += 1;
      last.push(line);
      if (last.length > reportedLines) last.shift();
    },
    last: (): readonly string[] => last,
    text: (): string =>
      `${modules} modules downloaded, ${packages} packages compiled, ${Math.round((Date.now() - startedAt) / 1000)} s`,
  };
}
