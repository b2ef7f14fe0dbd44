import { readdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { combination } from './combinations.ts';
import type { Change } from './combinations.ts';
import { startMutationHarness } from './mutationHarness.ts';
import type { Cloud, MutationHarness } from './mutationHarness.ts';
import { readResources } from './oracle/armJson.ts';
import type { ArmResources } from './oracle/armJson.ts';
import { serviceNames } from './oracle/names.ts';
import { publicNames, reachFromJumpbox } from './oracle/reach.ts';
import type { World } from './oracle/reach.ts';
import { oracleVerdicts } from './oracle/verdicts.ts';

/** `PROOF_CASES=1000` is the long form, `PROOF_SEED` another series. */
const numRuns = Number(process.env['PROOF_CASES'] ?? 40);
const seed = Number(process.env['PROOF_SEED'] ?? 13);

let harness: MutationHarness;
let sound: ArmResources;
let world: World;

const group = (): string => {
  const { subscriptionId, name } = harness.emulator.ref;
  return `/subscriptions/${subscriptionId}/resourceGroups/rg-moat-${name}`;
};
let agent: Agent;
const readArm = (): Promise<ArmResources> =>
  readResources({ endpoint: harness.emulator.connection.endpoint, agent }, group());

interface Outside {
  addresses: string[];
  body?: string;
}
const askFromOutside = (url: string): Promise<Outside> =>
  harness.emulator.control('POST', 'outside', { url }) as Promise<Outside>;

beforeAll(async () => {
  harness = await startMutationHarness();
  agent = new Agent({ ca: harness.emulator.connection.ca, keepAlive: true });
  sound = await readArm();
  const names = publicNames(sound).map(async (name) => [
    name,
    (await askFromOutside(`https://${name}/`)).addresses[0]!,
  ]);
  const { body = '' } = await askFromOutside('https://api.ipify.org/');
  world = { publicDns: Object.fromEntries(await Promise.all(names)), outsider: body.trim() };
}, 120_000);
afterAll(async () => {
  agent.destroy();
  await harness.close();
});

/** Applies what can be applied: an earlier change may have removed what a later one changes. */
function applyAll(cloud: Cloud, changes: readonly Change[]): void {
  for (const { apply } of changes) {
    try {
      apply(cloud);
    } catch (error) {
      if (!/^no resource|undefined/.test((error as Error).message)) throw error;
    }
  }
}

/** What the jumpbox saw of each service, and what the oracle computes. */
function reachability(arm: ArmResources) {
  const seen = serviceNames.map((service) => {
    const { addresses, status, refusal } = harness.probes().find(({ name }) => name === service)!;
    return { service, addresses, allowed: status !== null && refusal === null };
  });
  const computed = serviceNames.map((service) => {
    const { addresses, allowed } = reachFromJumpbox(arm, world, service);
    return { service, addresses: addresses.toSorted(), allowed };
  });
  return { seen, computed };
}

async function compare(changes: readonly Change[], open: boolean): Promise<void> {
  let workerIsCutOff = false;
  await harness.prove(
    (cloud) => {
      applyAll(cloud, changes);
      workerIsCutOff = cloud.state.objects['outside:network'] !== undefined;
    },
    { open },
  );
  const arm = await readArm();
  const proved = Object.fromEntries(harness.rows().map(({ check, verdict }) => [check, verdict]));
  const expected = oracleVerdicts(arm, sound, world, { workspaceMayBeOpen: open, workerIsCutOff });
  const { seen, computed } = reachability(arm);
  expect(seen, changes.map(({ kind }) => kind).join('\n')).toEqual(computed);
  expect(proved, changes.map(({ kind }) => kind).join('\n')).toEqual(expected);
}

test('The oracle finds a sound environment isolated, in every row.', async () => {
  await compare([], false);
  expect(harness.rows().filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
});

test('The oracle shares no code with the proof and the emulator.', () => {
  const folder = new URL('oracle/', import.meta.url);
  for (const file of readdirSync(folder))
    expect(readFileSync(new URL(file, folder), 'utf8'), file).not.toMatch(/from '\.\.\//);
});

test(
  `The proof agrees with the oracle on ${numRuns} generated combinations.`,
  { timeout: 60_000 + numRuns * 1_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(combination, ({ changes, open }) => compare(changes, open)),
      { numRuns, seed },
    );
  },
);
