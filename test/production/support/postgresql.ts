import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProcessSpec } from './supervisor.ts';
import { postgresqlCommands } from './tools.ts';

const run = promisify(execFile);

/** PostgreSQL refuses to run as root. */
const user = process.getuid?.() === 0 ? 'postgres' : undefined;

const asOwner = (command: string, args: string[]) =>
  user
    ? run('setpriv', [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--', command, ...args])
    : run(command, args);

/** A PostgreSQL server of Debian, with its data in a folder of its own. */
export function postgresql(directory: string, port: number) {
  const commands = postgresqlCommands()!;
  const data = join(directory, 'postgresql');
  const connection = ['--host=127.0.0.1', `--port=${port}`, '--username=temporal'];

  return {
    async createFolder(): Promise<void> {
      chmodSync(directory, 0o711);
      await run('install', ['-d', '-m', '700', ...(user ? ['-o', user] : []), data]);
    },
    createDatabase: () =>
      asOwner(join(commands, 'initdb'), ['-D', data, '--username=temporal', '--auth=trust', '--encoding=UTF8']),
    process: (): ProcessSpec => ({
      command: join(commands, 'postgres'),
      args: ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ...(user && { user }),
    }),
    isReady: () => run(join(commands, 'pg_isready'), connection.slice(0, 2)).then(() => true),
    /** The backup of docs/operate.md: both databases at one moment, while the server runs. */
    backUp: (file: string) =>
      run('sh', [
        '-c',
        `"$0" "$@" > ${file}`,
        join(commands, 'pg_basebackup'),
        ...connection,
        '--pgdata=-',
        '--format=tar',
        '--wal-method=fetch',
        '--checkpoint=fast',
        '--gzip',
      ]),
    /** Its restore, into an empty folder. */
    restore: (file: string) => asOwner('sh', ['-c', `tar --extract --gzip --directory=${data} < ${file}`]),
    removeFolder: () => run('rm', ['-rf', data]),
  };
}
