import type { ExecResult, ResolvedCommandContext } from 'just-bash';
import type { Json } from '../../arm/model.ts';
import { managedIdentityToken } from '../../dataPlane/managedIdentityTokens.ts';
import { listAt, textAt } from '../../dataPlane/jsonPath.ts';
import type { Machine } from '../machine.ts';
import { parseOptions, UsageError } from '../commandOptions.ts';
import type { Options } from '../commandOptions.ts';
import { succeed, fail } from '../tool.ts';
import { getAccessToken } from './azAccount.ts';
import { acrLogin } from './azAcr.ts';
import type { AzCall, AzResult } from './azCall.ts';
import { rest } from './azRest.ts';
import { blobDownload, blobExists, blobUpload, blobUploadBatch, containerCreate } from './azStorage.ts';

/** Options of every command of the Azure CLI. */
const common = { values: ['-o|--output', '--query'], flags: ['--only-show-errors'] };

const profile = '/root/.azure/profile.json';

const error = (message: string): ExecResult => fail(1, `ERROR: ${message}`);

interface Subcommand {
  values?: string[];
  flags?: string[];
  run(call: AzCall): Promise<AzResult> | AzResult;
}

const blobOptions = ['--account-name', '--auth-mode'];

const subcommands: Record<string, Subcommand> = {
  'account get-access-token': { values: ['--resource'], run: getAccessToken },
  'acr login': { values: ['-n|--name'], run: acrLogin },
  rest: { values: ['-m|--method', '-u|--uri|--url'], run: rest },
  'storage container create': { values: [...blobOptions, '-n|--name'], run: containerCreate },
  'storage blob exists': { values: [...blobOptions, '-c|--container-name', '-n|--name'], run: blobExists },
  'storage blob download': {
    values: [...blobOptions, '-c|--container-name', '-n|--name', '-f|--file'],
    run: blobDownload,
  },
  'storage blob upload': {
    values: [...blobOptions, '-c|--container-name', '-n|--name', '-f|--file'],
    flags: ['--overwrite'],
    run: blobUpload,
  },
  'storage blob upload-batch': {
    values: [...blobOptions, '-d|--destination', '--destination-path', '-s|--source'],
    flags: ['--overwrite'],
    run: blobUploadBatch,
  },
};

/** Signs in as a user-assigned identity of the machine: a token of the metadata service, then Resource Manager's subscriptions. */
async function login(machine: Machine, args: string[]): Promise<ExecResult> {
  const { flags, values } = parseOptions(args, {
    values: [...common.values, '--client-id'],
    flags: [...common.flags, '-i|--identity', '--allow-no-subscriptions'],
  });
  if (!flags.has('--identity')) return error('Interactive authentication is needed.');
  const clientId = values['--client-id'] ?? '';
  const token = managedIdentityToken(machine.cloud, machine.vm, clientId, machine.now);
  if (token === undefined)
    return error(
      `Failed to connect to MSI. Please make sure MSI is configured correctly. Get Token request returned: 400 Identity not found: ${clientId}`,
    );
  machine.pass(3);
  const url = 'https://management.azure.com/subscriptions?api-version=2022-12-01';
  const exchange = machine.request({ url, headers: { authorization: `Bearer ${token}` } }, 100);
  if ('fault' in exchange)
    return error(
      `HTTPSConnectionPool(host='management.azure.com', port=443): Max retries exceeded (${exchange.fault})`,
    );
  const subscriptions = listAt(JSON.parse(exchange.body) as Json, 'value').map((entry) =>
    textAt(entry, 'subscriptionId'),
  );
  await machine.writeJson(profile, { token, subscriptions });
  return succeed();
}

/** The output of a result: `--query` takes a member by name, `--output` is json, tsv or none. Throws UsageError. */
function printed(result: unknown, { values }: Options): string {
  const query = values['--query'];
  if (query !== undefined && !/^\w+$/.test(query))
    throw new UsageError(`argument --query: invalid jmespath_type value: '${query}'`);
  const shown = query === undefined ? result : (result as Record<string, unknown> | undefined)?.[query];
  const output = values['--output'] ?? 'json';
  if (output === 'none' || shown === undefined) return '';
  if (output === 'tsv') return `${typeof shown === 'string' ? shown : JSON.stringify(shown)}\n`;
  if (output !== 'json') throw new UsageError(`argument --output/-o: invalid choice: '${output}'`);
  return `${JSON.stringify(shown, null, 2)}\n`;
}

/** The Azure CLI, as far as the machine's scripts use it. */
export async function az(machine: Machine, args: string[], context: ResolvedCommandContext): Promise<ExecResult> {
  if (args[0] === 'login') return login(machine, args.slice(1));
  const name = Object.keys(subcommands).find((name) => `${args.join(' ')} `.startsWith(`${name} `));
  const subcommand = name === undefined ? undefined : subcommands[name];
  if (name === undefined || !subcommand)
    throw new UsageError(`'${args.join(' ')}' is misspelled or not recognized by the system.`);
  const options = parseOptions(args.slice(name.split(' ').length), {
    values: [...common.values, ...(subcommand.values ?? [])],
    flags: [...common.flags, ...(subcommand.flags ?? [])],
  });
  const account = await machine.readJson(profile);
  const token = textAt(account, 'token');
  const subscriptions = listAt(account, 'subscriptions').map((one) => textAt(one));
  if (token === '') return error("Please run 'az login' to setup account.");
  machine.pass(1);
  const outcome = await subcommand.run({ machine, options, token, subscriptions, context });
  return 'error' in outcome ? error(outcome.error) : succeed(printed(outcome.result, options));
}
