import type { IFileSystem } from 'just-bash';
import type { Instant, Json, Resource, Cloud } from '../arm/model.ts';
import type { HttpExchange, HttpRequest, NetworkError } from '../dataPlane/httpExchange.ts';
import { route, requestFromVm } from '../dataPlane/routing.ts';

/** A container of Docker. */
interface Container {
  healthy: boolean;
  log: string[];
  /** what is mounted as the scoring script and as the model: files and directories of the machine */
  code: string[];
  model: string[];
}

/** What of a machine's disk is not plain files. */
export interface MachineState {
  /** installed Debian packages beyond those of the image */
  packages: string[];
  /** hosts whose package lists have been fetched */
  lists: string[];
  /** systemd units that run */
  services: string[];
  /** local images of Docker by reference */
  images: Record<string, { manifest: string; digest?: string }>;
  /** containers of Docker by name */
  containers: Record<string, Container>;
  /** networks of Docker beyond the default one */
  networks: string[];
  /** layers that belong to no image */
  buildCacheGb: number;
}

/** The script has run into the time limit of its run command. */
class TimeLimit extends Error {}

/** A virtual machine while a script runs on it: its files, its virtual time, its network access. */
export class Machine {
  readonly cloud: Cloud;
  readonly vm: Resource;
  readonly fs: IFileSystem;
  readonly state: MachineState;
  /** called when a package installs its commands */
  installed: (packageName: string) => void = () => undefined;
  readonly #startedAt: Instant;
  readonly #limitSeconds: number;
  readonly #stop: () => void;
  #elapsedSeconds = 0;
  /** when running background commands began, the innermost last; and when those that have ended did so */
  readonly #background: { begins: number[]; ends: number[] } = { begins: [], ends: [] };
  /** time limits of commands that `timeout` runs, the outermost first */
  readonly #deadlines: { at: number; stop: () => void; reached: boolean }[] = [];

  constructor(
    cloud: Cloud,
    vm: Resource,
    disk: { fs: IFileSystem; state: MachineState },
    limit: { seconds: number; stop: () => void },
  ) {
    this.cloud = cloud;
    this.vm = vm;
    this.fs = disk.fs;
    this.state = disk.state;
    this.#startedAt = cloud.now();
    this.#limitSeconds = limit.seconds;
    this.#stop = limit.stop;
  }

  /** Virtual seconds since the script began, at scale 1. */
  get elapsedSeconds(): number {
    return Math.min(this.#elapsedSeconds, this.#limitSeconds);
  }

  get timedOut(): boolean {
    return this.#elapsedSeconds > this.#limitSeconds;
  }

  /** The instant of the emulated cloud at which the script is. */
  get now(): Instant {
    return this.#startedAt + this.#elapsedSeconds * this.cloud.timeScale * 1000;
  }

  /** Advances the virtual time by seconds. Throws TimeLimit when the script has no time left. */
  pass(seconds: number): void {
    this.#elapsedSeconds += seconds;
    const deadline = this.#deadlines.find(({ at }) => at < this.#elapsedSeconds);
    if (deadline && deadline.at <= this.#limitSeconds) {
      this.#elapsedSeconds = deadline.at;
      deadline.reached = true;
      deadline.stop();
      throw new TimeLimit();
    }
    if (!this.timedOut) return;
    this.#stop();
    throw new TimeLimit();
  }

  /** What follows, until `endBackground`, takes its time beside the rest of the script. */
  beginBackground(): void {
    this.#background.begins.push(this.#elapsedSeconds);
  }

  endBackground(): void {
    this.#background.ends.push(this.#elapsedSeconds);
    this.#elapsedSeconds = this.#background.begins.pop() ?? this.#elapsedSeconds;
  }

  /** Lets time pass until all background commands have ended. */
  waitForBackground(): void {
    this.#elapsedSeconds = Math.max(this.#elapsedSeconds, ...this.#background.ends.splice(0));
  }

  /** Runs a command that may take so many seconds. Returns whether it was stopped at that limit. */
  async limited(seconds: number, stop: () => void, command: () => Promise<void>): Promise<boolean> {
    const deadline = { at: this.#elapsedSeconds + seconds, stop, reached: false };
    this.#deadlines.push(deadline);
    try {
      await command();
    } catch (error) {
      if (!deadline.reached) throw error;
    } finally {
      this.#deadlines.pop();
    }
    return deadline.reached;
  }

  /** Advances the virtual time by a part of a named duration. Throws TimeLimit. */
  passPart(part: number, key: string): void {
    this.pass((part * this.cloud.duration(key, this.vm.id)) / 1000 / this.cloud.timeScale);
  }

  /** Sends an HTTP request into the emulated network. A lost request takes `patience` seconds. Throws TimeLimit. */
  request(request: Partial<HttpRequest> & { url: string }, patience = 30): HttpExchange {
    const exchange = requestFromVm(this.cloud, this.vm, { method: 'GET', headers: {}, body: '', ...request }, this.now);
    const lost = 'fault' in exchange ? exchange.fault === 'timeout' : (exchange.seconds ?? 0) > patience;
    this.pass(lost ? patience : 0.1 + ('fault' in exchange ? 0 : (exchange.seconds ?? 0)));
    return lost ? { addresses: exchange.addresses, fault: 'timeout' } : exchange;
  }

  /** Why a host cannot be reached on a port, or undefined when it can. Throws TimeLimit. */
  unreachable(host: string, port = 443, patience = 30): NetworkError | undefined {
    const { path } = route(this.cloud, host, port, this.vm);
    const fault = 'fault' in path ? path.fault : undefined;
    this.pass(fault === 'timeout' ? patience : 0.1);
    return fault;
  }

  async readJson(path: string): Promise<Json | undefined> {
    return (await this.fs.exists(path)) ? (JSON.parse(await this.fs.readFile(path)) as Json) : undefined;
  }

  async writeJson(path: string, value: Json): Promise<void> {
    await this.fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    await this.fs.writeFile(path, JSON.stringify(value));
  }
}
