// Runs one entry point with the Node that package.json pins. Plain JavaScript, because the machine's own Node (20 and later) runs it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [entry, ...args] = process.argv.slice(2);

/** npm writes this file last, so its age shows whether node_modules is up to date with package-lock.json. */
function installed() {
  const marker = `${root}node_modules/.package-lock.json`;
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
}

if (!installed()) {
  console.error('Installing dependencies with npm ci (about a minute, once).');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error('npm ci failed (see above). Check the connection to the npm registry and start again.');
    process.exit(status ?? 1);
  }
}

const pinned = `${root}node_modules/.bin/node`;
if (!existsSync(pinned)) {
  console.error(
    'The pinned Node is missing because the install script of its package did not run. Run: npm rebuild node',
  );
  process.exit(1);
}

// The IPC channel closes however this process ends, so the child notices.
const child = spawn(pinned, [`${root}${entry}`, ...args], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  // Compiled modules are kept, which halves the time that a start takes.
  env: { NODE_COMPILE_CACHE: `${root}node_modules/.cache/node`, ...process.env },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));

// npm has no such channel: when it is killed, this process only gets another parent.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) child.kill('SIGTERM');
}, 1000).unref();
