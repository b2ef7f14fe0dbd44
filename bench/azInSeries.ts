import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { timed } from './latency.ts';
import type { PartContext } from './part.ts';
import { placeholders } from './recordedWrites.ts';
import type { RecordedWrite } from './recordedWrites.ts';

const run = promisify(execFile);

/** The command that a user would type for a write. A body is passed in a file. */
function commandOf({ method, id, apiVersion, body }: RecordedWrite, file: string): string[] {
  if (!id.includes('/providers/'))
    return ['group', 'create', '--name', id.split('/').at(-1)!, '--location', String(body['location'])];
  const resource = ['--api-version', apiVersion];
  if (method === 'DELETE') return ['resource', 'delete', '--ids', id, ...resource];
  const create = ['resource', 'create', '--id', id, ...resource, '--properties', `@${file}`];
  // `--is-full-object` refuses an object without location
  return 'location' in body ? [...create, '--is-full-object'] : create;
}

/** What Azure chose for a resource, by placeholder. */
function chosenIn(id: string, output: string): Record<string, string> {
  const [provider, type] = id.split('/').slice(-3, -1);
  if (type !== 'userAssignedIdentities' && !(provider === 'Microsoft.MachineLearningServices' && type === 'workspaces'))
    return {};
  const { properties } = JSON.parse(output) as { properties: Record<string, string> };
  const known = Object.entries(placeholders).filter(([name]) => properties[name] !== undefined);
  return Object.fromEntries(known.map(([name, placeholder]) => [placeholder, properties[name]!]));
}

export interface AzSeconds {
  /** of all commands */
  all: number;
  /** that as many commands need which do nothing */
  starts: number;
}

/** Runs one `az` command for each write, one after the other. */
export async function runWithAz(
  { log, signal }: PartContext,
  env: NodeJS.ProcessEnv,
  directory: string,
  writes: readonly RecordedWrite[],
): Promise<AzSeconds> {
  const file = join(directory, 'body.json');
  const start = await timed(() => run('az', ['version'], { env, signal }));
  let chosen: Record<string, string> = {};
  const startedAt = performance.now();
  for (const [index, write] of writes.entries()) {
    const text = Object.entries(chosen).reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(write));
    const filled = JSON.parse(text) as RecordedWrite;
    const { body } = filled;
    writeFileSync(file, JSON.stringify('location' in body ? body : (body['properties'] ?? {})));
    const args = [...commandOf(filled, file), '--only-show-errors', '--output', 'json'];
    const { stdout } = await run('az', args, { env, signal, maxBuffer: 2 ** 26 });
    chosen = { ...chosen, ...chosenIn(filled.id, stdout) };
    if (index % 10 === 9) log(`${index + 1} of ${writes.length} commands`);
  }
  return { all: (performance.now() - startedAt) / 1000, starts: (start / 1000) * writes.length };
}
