import { buildEmulator } from '../../src/emulator/server.ts';

/** An emulator in a process of its own, for a test to kill: `node emulatorProcess.ts DIRECTORY`; prints how to reach it. */
const emulator = await buildEmulator({
  dataDir: process.argv[2] ?? '',
  port: 0,
  timeScale: 1 / 20,
  log: ({ level, message }) => (level === 'error' ? console.error(message) : undefined),
});
console.log(
  JSON.stringify({ port: emulator.port, caPem: emulator.caPem, subscriptionId: emulator.subscriptionIds[0] }),
);
