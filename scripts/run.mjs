// Runs one entry point with the Node that package.json pins. Plain JavaScript, because the machine's own Node (20 and later) runs it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [entry, ...args] = process.argv.slice(2);

/** npm writes this file last, so its age tells whether what is installed is what package-lock.json asks for. */
function installed() {
  const mark = `${root}node_modules/.package-lock.json`;
  return existsSync(mark) && statSync(mark).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
}

if (!installed()) {
  console.log('Installing what Moat needs (npm ci); this takes a minute, once.');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error('npm ci failed, see above. With a connection to the npm registry, run it again.');
    process.exit(status ?? 1);
  }
}

const pinned = `${root}node_modules/.bin/node`;
if (!existsSync(pinned)) {
  console.error("The pinned Node is missing: its package's install script did not run. Try: npm rebuild node");
  process.exit(1);
}

// The channel tells the child when this process has ended, however it did.
const child = spawn(pinned, [`${root}${entry}`, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
