import { buildEmulator } from '../../src/emulator/server.ts';

/** An emulator as a process of its own, for a test to kill: `node emulatorProcess.ts DIRECTORY`; tells its port on stdout. */
const emulator = await buildEmulator({ dataDir: process.argv[2] ?? '', port: 0, timeScale: 1 / 20 });
console.log(
  JSON.stringify({ port: emulator.port, caPem: emulator.caPem, subscriptionId: emulator.subscriptionIds[0] }),
);
