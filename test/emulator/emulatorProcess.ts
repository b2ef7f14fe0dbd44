import { buildEmulator } from '../../src/emulator/server.ts';

/** An emulator process that a test can kill: `node emulatorProcess.ts DIRECTORY`. Prints its address. */
const emulator = await buildEmulator({
  dataDir: process.argv[2] ?? '',
  port: 0,
  timeScale: 1 / 20,
  log: ({ level, message }) => (level === 'error' ? console.error(message) : undefined),
});
console.log(
  JSON.stringify({ port: emulator.port, caPem: emulator.caPem, subscriptionId: emulator.subscriptionIds[0] }),
);
