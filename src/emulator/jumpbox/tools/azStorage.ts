import type { HttpExchange } from '../../dataPlane/httpExchange.ts';
import type { AzCall, AzResult } from './azCall.ts';

function blobRequest(
  { machine, options, token }: AzCall,
  method: 'GET' | 'HEAD' | 'PUT',
  container: string,
  name: string,
  body = '',
): HttpExchange {
  const url = `https://${options.values['--account-name']}.blob.core.windows.net/${container}/${name.split('/').map(encodeURIComponent).join('/')}`;
  const headers = { authorization: `Bearer ${token}`, 'x-ms-version': '2024-11-04', 'x-ms-blob-type': 'BlockBlob' };
  return machine.request({ url, method, headers, body }, 100);
}

/** The CLI's message for a failed blob request; undefined when it succeeded. */
function failure(exchange: HttpExchange): string | undefined {
  if ('fault' in exchange) return `The request to the blob service failed: ${exchange.fault}`;
  if (exchange.status < 400) return undefined;
  const code = exchange.headers['x-ms-error-code'] ?? '';
  if (code === 'AuthorizationFailure') {
    return "The request may be blocked by network rules of storage account. Please check network rule set using 'az storage account show'.";
  }
  if (code === 'AuthorizationPermissionMismatch') {
    return 'You do not have the required permissions needed to perform this operation. Depending on your operation, you may need to be assigned one of the following roles: "Storage Blob Data Owner", "Storage Blob Data Contributor", "Storage Blob Data Reader".';
  }
  return `${code}: ${/<Message>(.*)<\/Message>/.exec(exchange.body)?.[1] ?? `status ${exchange.status}`}`;
}

function needsLogin({ options }: AzCall): string | undefined {
  return options.values['--auth-mode'] === 'login'
    ? undefined
    : 'There are no credentials provided in your command and environment (--auth-mode).';
}

/** `az storage blob exists`. */
export function blobExists(call: AzCall): AzResult {
  const { '--container-name': container = '', '--name': name = '' } = call.options.values;
  const refused = needsLogin(call);
  if (refused !== undefined) return { error: refused };
  const exchange = blobRequest(call, 'HEAD', container, name);
  if ('status' in exchange && exchange.status === 404) return { result: { exists: false } };
  const error = failure(exchange);
  return error === undefined ? { result: { exists: true } } : { error };
}

/** `az storage container create`: an existing one is success. */
export function containerCreate(call: AzCall): AzResult {
  const { machine, options, token } = call;
  const refused = needsLogin(call);
  if (refused !== undefined) return { error: refused };
  const url = `https://${options.values['--account-name']}.blob.core.windows.net/${options.values['--name']}?restype=container`;
  const headers = { authorization: `Bearer ${token}`, 'x-ms-version': '2024-11-04' };
  const exchange = machine.request({ url, method: 'PUT', headers }, 100);
  if ('status' in exchange && exchange.status === 409) return { result: { created: false } };
  const error = failure(exchange);
  return error === undefined ? { result: { created: true } } : { error };
}

/** `az storage blob download` to one file. */
export async function blobDownload(call: AzCall): Promise<AzResult> {
  const { '--container-name': container = '', '--name': name = '', '--file': file = '' } = call.options.values;
  const refused = needsLogin(call);
  if (refused !== undefined) return { error: refused };
  const exchange = blobRequest(call, 'GET', container, name);
  const error = failure(exchange);
  if (error !== undefined || 'fault' in exchange) return { error: error ?? '' };
  const { fs } = call.machine;
  await fs.writeFile(fs.resolvePath(call.context.cwd, file), exchange.body);
  return {};
}

/** `az storage blob upload` of one file. */
export async function blobUpload(call: AzCall): Promise<AzResult> {
  const { '--container-name': container = '', '--name': name = '', '--file': file = '' } = call.options.values;
  const refused = needsLogin(call);
  if (refused !== undefined) return { error: refused };
  const content = await call.machine.fs.readFile(call.machine.fs.resolvePath(call.context.cwd, file));
  const error = failure(blobRequest(call, 'PUT', container, name, content));
  return error === undefined ? {} : { error };
}

/** `az storage blob upload-batch`: all files below a directory; takes half of `model.upload`. */
export async function blobUploadBatch(call: AzCall): Promise<AzResult> {
  const {
    '--destination': container = '',
    '--destination-path': prefix = '',
    '--source': source = '',
  } = call.options.values;
  const refused = needsLogin(call);
  if (refused !== undefined) return { error: refused };
  const { fs } = call.machine;
  const root = fs.resolvePath(call.context.cwd, source);
  if (!(await fs.exists(root))) return { error: `incorrect usage: source '${source}' is not a directory` };
  for (const path of fs.getAllPaths().filter((path) => path.startsWith(`${root}/`))) {
    if ((await fs.stat(path)).isDirectory) continue;
    const error = failure(
      blobRequest(call, 'PUT', container, prefix + path.slice(root.length), await fs.readFile(path)),
    );
    if (error !== undefined) return { error };
  }
  call.machine.passPart(0.5, 'model.upload');
  return {};
}
