import type { FsStat, IFileSystem } from 'just-bash';
import { connect } from './tools/connectivity.ts';
import type { Machine } from './machine.ts';

/** Seconds until Linux gives up a connection that nobody answers. */
const connectSeconds = 130;

const texts = { refused: 'Connection refused', timeout: 'Connection timed out' };

/**
 * Makes redirections from and to `/dev/tcp/{host}/{port}` connections, as bash does. What is sent is lost, and nothing comes back.
 * Returns what puts bash's own words for a connection that failed into the output: the shell here takes the path for that of a file.
 */
export function addTcpDevices(machine: Machine, fs: IFileSystem): (output: string) => string {
  const failed = new Map<string, string>();
  const opens = (path: string): boolean | undefined => {
    const [, name, port] = /^\/dev\/tcp\/([^/]+)\/(\d+)$/.exec(path) ?? [];
    if (name === undefined) return undefined;
    const result = connect(machine, name, Number(port), connectSeconds);
    if (result === 'open') failed.delete(path);
    else failed.set(path, texts[result]);
    return result === 'open';
  };
  const { exists, writeFile, appendFile, readFile, readFileBuffer, stat } = fs;
  const requireOpen = (path: string): boolean => {
    const open = opens(path);
    if (open === false) throw new Error(`${path}: ${failed.get(path)}`);
    return open === true;
  };
  // The shell looks first whether it may write; it refuses to write to a directory.
  fs.exists = async (path) => isDevice(path) || exists.call(fs, path);
  fs.stat = async (path) => {
    const open = opens(path);
    return open === undefined ? stat.call(fs, path) : deviceStat(!open);
  };
  fs.readFile = async (path, ...rest) => (requireOpen(path) ? '' : readFile.call(fs, path, ...rest));
  fs.readFileBuffer = async (path) => (requireOpen(path) ? new Uint8Array() : readFileBuffer.call(fs, path));
  fs.writeFile = async (path, ...rest) => {
    if (failed.has(path)) throw new Error(`${path}: ${failed.get(path)}`);
    if (!isDevice(path)) await writeFile.call(fs, path, ...rest);
  };
  fs.appendFile = async (path, ...rest) => {
    if (!isDevice(path)) await appendFile.call(fs, path, ...rest);
  };
  return (output) =>
    [...failed].reduce(
      (text, [path, reason]) =>
        text.replaceAll(
          new RegExp(`${path.replaceAll('.', String.raw`\.`)}: (Is a directory|No such file or directory)`, 'g'),
          `${path}: ${reason}`,
        ),
      output,
    );
}

const isDevice = (path: string): boolean => path.startsWith('/dev/tcp/');

const deviceStat = (isDirectory: boolean): FsStat => ({
  isFile: !isDirectory,
  isDirectory,
  isSymbolicLink: false,
  mode: 0o666,
  size: 0,
  mtime: new Date(0),
});
