import type { ProofRow, Spec } from '../../src/domain/environment.ts';
import { isolationOf } from '../../src/domain/isolationSpec.ts';
import type { IsolationSpec } from '../../src/domain/isolationSpec.ts';
import { evaluateJumpbox } from '../../src/domain/insideProbe.ts';
import type { InsideProbe } from '../../src/domain/insideProbe.ts';
import { proofOf, rowsFrom } from '../../src/domain/proof.ts';
import type { FoundRow } from '../../src/domain/proof.ts';
import { plannedResource } from '../../src/domain/resources.ts';
import type { ResourceKey } from '../../src/domain/resourceKeys.ts';
import { startEmulatorHarness, untilDone } from './emulatorHarness.ts';
import type { EmulatorHarness } from './emulatorHarness.ts';
import { createEnvironment, onJumpbox } from './soundEnvironment.ts';
import type { Requested } from './soundEnvironment.ts';

/** JSON that mutations reach into. */
// oxlint-disable-next-line typescript/no-explicit-any
type Properties = Record<string, any>;

/** A resource in the emulator's state. */
export interface StoredResource {
  id: string;
  type: string;
  name: string;
  properties: Properties;
  [member: string]: unknown;
}

/** The emulator's whole state, as its control route returns it. */
interface State {
  resources: Record<string, StoredResource>;
  objects: Record<string, unknown>;
  [table: string]: Record<string, unknown>;
}

/** A copy of the sound state that a mutation changes. */
export class Cloud {
  readonly harness: EmulatorHarness;
  readonly state: State;
  constructor(harness: EmulatorHarness, state: State) {
    this.harness = harness;
    this.state = structuredClone(state);
  }

  id = (key: ResourceKey): string => plannedResource(this.harness.ref, key).id;

  /** The properties of a resource of the environment, to change. */
  of = (key: ResourceKey): Properties => this.at(this.id(key)).properties;

  at(id: string): StoredResource {
    const found = Object.values(this.state.resources).find((one) => one.id.toLowerCase() === id.toLowerCase());
    if (!found) throw new Error(`no resource ${id}`);
    return found;
  }

  remove(id: string): void {
    const key = Object.keys(this.state.resources).find((one) => this.state.resources[one]!.id === this.at(id).id);
    delete this.state.resources[key!];
  }

  /** Adds a resource like another one. */
  copy(from: string, id: string, properties: Record<string, unknown>): void {
    const { properties: own, ...rest } = this.at(from);
    const name = id.split('/').at(-1)!;
    this.state.resources[id.toLowerCase()] = { ...rest, id, name, properties: { ...own, ...properties } };
  }

  /** The A records of a zone whose names begin so. */
  records = (zone: string, beginning = ''): StoredResource[] =>
    Object.values(this.state.resources).filter(
      ({ id, type, name }) =>
        type.endsWith('/A') && id.toLowerCase().includes(`/${zone}/`.toLowerCase()) && name.startsWith(beginning),
    );
}

/** One sound environment, and what a proof of changed copies of it says. */
export interface MutationHarness {
  /** Proves a copy that `mutate` has changed. The rows that did not pass, as `check: verdict`. */
  prove(mutate: (cloud: Cloud) => void, options?: { open?: boolean }): Promise<string[]>;
  /** every row of the last proof */
  rows(): ProofRow[];
  /** what the jumpbox reported for the last proof */
  probes(): readonly InsideProbe[];
  /** the emulator, in the state of the last proof */
  emulator: EmulatorHarness;
  close(): Promise<void>;
}

/** Proves the environment as the workflow does. */
export async function proveNow(
  harness: EmulatorHarness,
  requested: Partial<IsolationSpec> = {},
): Promise<{ rows: FoundRow[]; probes: readonly InsideProbe[] }> {
  const { activities, ref } = harness;
  const input = { ref, ...isolationOf(requested) };
  const [jumpbox, outside, arm] = await Promise.all([
    onJumpbox(harness, 'verify'),
    untilDone(activities.proveOutside, input),
    untilDone(activities.proveFromArm, input),
  ]);
  const at = new Date().toISOString();
  const { inside, outward } = evaluateJumpbox(ref, jumpbox.rows);
  const rows = [...outside.rows, ...rowsFrom('inside', at, inside), ...rowsFrom('outward', at, outward), ...arm.rows];
  return { rows, probes: jumpbox.rows };
}

/** `requested`: what the spec of the environment opens. */
export async function startMutationHarness(
  requested: Requested = {},
  model: Spec['model'] = 'custom',
): Promise<MutationHarness> {
  const harness = await startEmulatorHarness();
  await createEnvironment(harness, model, undefined, requested);
  const sound = (await harness.control('GET', 'state')) as State;
  let last: ProofRow[] = [];
  let probes: readonly InsideProbe[] = [];

  async function prove(mutate: (cloud: Cloud) => void, { open = false } = {}): Promise<string[]> {
    const cloud = new Cloud(harness, sound);
    mutate(cloud);
    await harness.control('PUT', 'state', cloud.state);
    const found = await proveNow(harness, open ? { ...requested, workspacePublicNetworkAccess: 'enabled' } : requested);
    probes = found.probes;
    last = proofOf(found.rows, new Date().toISOString()).rows;
    const withoutCommand = found.rows.filter(
      ({ verdict, remedy }) => (verdict === 'failed') !== (remedy !== undefined),
    );
    if (withoutCommand.length > 0) throw new Error(`failed without a command: ${JSON.stringify(withoutCommand)}`);
    return last.filter(({ verdict }) => verdict !== 'passed').map(({ check, verdict }) => `${check}: ${verdict}`);
  }
  return { prove, rows: () => last, probes: () => probes, emulator: harness, close: () => harness.close() };
}
