import closeWithGrace from 'close-with-grace';
import { loadConfig } from '../config.ts';
import { buildEmulator } from '../emulator/server.ts';
import { runPart, say } from './part.ts';

const does = 'An Azure Resource Manager on localhost, which the worker drives in place of Azure.';

await runPart('emulator', does, async () => {
  const config = loadConfig();
  const { target } = config;
  const emulator = await buildEmulator({
    ...config.emulator,
    dataDir: config.dataDir,
    subscriptionIds: config.subscriptionIds,
    ...(target.kind === 'emulator' && { timeScale: target.timeScale }),
    log: ({ level, message }) => (level === 'error' ? console.error(message) : undefined),
  });
  say('emulator', `${emulator.url}, certificate authority ${emulator.caPath}`);
  closeWithGrace({ delay: 5_000 }, () => emulator.close());
});
