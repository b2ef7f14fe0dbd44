import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runMain } from './process.ts';

const help = `Usage: npm run emulator -- [option]
       npm run emulator -- az COMMAND...

Without an argument: starts an emulator of Azure Resource Manager on localhost. It needs nothing else, neither Temporal nor Azure.

  az COMMAND...  runs the Azure CLI of this machine against the running emulator, for example: npm run emulator -- az group list.
                 The cloud, the certificate and the sign-in are set up at the first use, in a configuration directory
                 of its own (az in the data directory); your own sign-in is not touched. The exit code is that of az
  --env          prints the environment for other clients (Python, Go, Terraform, curl): eval "$(npm run -s emulator -- --env)"
  --help         prints this help

npm prints two lines of its own before the output; npm run -s omits them.

Settings are read from environment variables; README.md lists them. The emulator uses MOAT_DATA_DIR, AZURE_SUBSCRIPTION_ID,
and MOAT_EMULATOR_HOST, _PORT, _ALLOWED_HOSTS, _TIME_SCALE, _SEED. What is emulated, and how to inject faults: docs/emulator.md.
On SIGTERM or SIGINT the process shuts down gracefully; a second signal ends it at once.`;

function printAndExit(text: string): never {
  console.log(text);
  process.exit(0);
}

// As scripts/run.mjs does: a process that is started without it should not take twice as long.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)));

const [command, ...args] = process.argv.slice(2);
const logger =
  command === undefined ? await (await import('./observability/logger.ts')).createLogger('emulator') : null;
const print = (message: string): void => (logger ? logger.fatal(message) : console.error(`emulator: ${message}`));

// Each command loads what it needs: the emulator should listen within half a second.
await runMain(print, async () => {
  if (logger) await (await import('./emulator/serve.ts')).serve(logger);
  else if (command === 'az') await (await import('./emulator/az.ts')).runAz(args);
  else if (command === '--env') printAndExit((await import('./emulator/clientEnvironment.ts')).environmentLines());
  else if (command === '--help') printAndExit(help);
  else throw new Error(`Unknown argument ${command}. npm run emulator -- --help lists what there is.`);
});
