import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { orphans, softDeleted } from './accounting.ts';
import { clientOf } from './client.ts';
import { emulatorAt } from './emulator.ts';
import { hitsByEffect, weather } from './faults.ts';
import { temporalView } from './histories.ts';
import { install } from './installation.ts';
import { killOn } from './kills.ts';
import { createLives } from './lives.ts';
import { createMoments } from './moments.ts';
import type { ChaosOptions } from './options.ts';
import { locations, plan } from './plan.ts';
import { idleIn, unheardIn } from './report.ts';
import type { Report } from './report.ts';
import { createSecretSearch, emulatedSecrets } from './secrets.ts';

/** Milliseconds in which an environment must have come to rest: of this machine's time, and of Azure's. */
const limitMs = { own: 300_000, azure: 3 * 3_600_000 };

const scaleOf = (text: string): number => {
  const [above, below = '1'] = text.split('/');
  return Number(above) / Number(below);
};

/** Works through the list with so many at a time, or through what of it has begun when it is told to wind down. */
async function eachAtATime<T>(
  many: number,
  list: readonly T[],
  work: (one: T) => Promise<void>,
  windDown?: AbortSignal,
): Promise<void> {
  const queue = list.values();
  await Promise.all(
    Array.from({ length: many }, async () => {
      for (const one of queue) {
        if (windDown?.aborted) return;
        await work(one);
      }
    }),
  );
}

/**
 * Starts an installation, lets seeded users, faults and kills loose on it, takes everything down, and compares what Moat, Temporal
 * and the emulator say. `signal` ends it early, with its reason thrown; after `windDown` no more environments begin.
 */
export async function chaos(
  options: ChaosOptions,
  tell: (line: string) => void,
  signal: AbortSignal,
  windDown?: AbortSignal,
): Promise<Report> {
  const { runs, seed, concurrency, timeScale, story } = options;
  const began = Date.now();
  const planned = plan({ runs, seed, ...(story && { story }) });
  tell(`seed ${seed}, plan ${planned.hash}`);
  const installation = await install({ timeScale, workers: 2, tell });
  const search = createSecretSearch();
  const user = clientOf(installation.url, search, signal);
  const emulator = emulatorAt(installation.emulatorUrl, installation.caFile);
  const moments = createMoments();
  const temporal = await temporalView(installation.address, search);
  const scale = scaleOf(timeScale);
  const lives = createLives({
    user,
    emulator,
    temporal,
    moments,
    limitMs: limitMs.own + scale * limitMs.azure,
    // forty looks a second, however many look
    lookEveryMs: Math.max(500, 25 * concurrency),
    kills: options.kills,
    signal,
    tell,
  });
  const { find, findings } = lives;
  const throttled = { taken: 0, refused: 0 };
  async function addUp(): Promise<void> {
    const { taken, refused } = await emulator.throttling();
    throttled.taken += taken;
    throttled.refused += refused;
  }
  const learn = (): void => search.learn(emulatedSecrets(installation.dataDir));

  async function ready(): Promise<void> {
    while (!(await fetch(`${installation.url}/readyz`).catch(() => undefined))?.ok)
      await sleep(100, undefined, { signal });
  }

  const enough = new AbortController();
  let killing: ReturnType<typeof killOn> | undefined;
  try {
    await ready();
    tell(`ready: ${installation.url}, state and logs in ${installation.dataDir}`);
    await emulator.setThrottling(options.throttling);
    await emulator.giveQuota(locations);
    if (options.faults) for (const fault of weather(seed)) await emulator.addFault(fault);
    if (options.kills)
      killing = killOn({
        installation,
        emulator,
        moments,
        timeScale: scale,
        kill: planned.kill,
        signal: AbortSignal.any([signal, enough.signal]),
        beforeEmulatorDies: addUp,
        beforeEmulatorStarts: learn,
        tell,
      });
    // told of below: the runs that have begun go on without it
    killing?.catch(() => undefined);
    await eachAtATime(concurrency, planned.runs, (run) => lives.live(run), windDown);
    enough.abort();
    const killed = await killing?.catch((error: unknown) => {
      find({ kind: 'idle', name: '', detail: `the kills ended: ${String(error)}` });
      return undefined;
    });
    await ready();
    const all = await emulator.faults();
    await emulator.clearFaults();

    for (const orphan of orphans(lives.living, await emulator.resources())) find(orphan);
    await eachAtATime(concurrency, [...lives.living], lives.leave);
    for (const id of await temporal.open()) find({ kind: 'openWorkflow', name: '', detail: id });
    for (const finding of orphans(new Set(), await emulator.resources())) find(finding);
    for (const finding of await softDeleted(emulator)) find(finding);
    for (const { part, code } of installation.ended) find({ kind: 'ended', name: part, detail: `with code ${code}` });
    learn();
    const secretsKnown = search.count();
    search.learn([readFileSync(join(installation.dataDir, 'seal.key'), 'utf8').trim()]);
    search.seeLogs(installation.logs);
    for (const { where } of search.found()) find({ kind: 'secret', name: '', detail: where });
    await addUp();
    const { counts } = lives;
    const kills = killed?.counts ?? {};
    const fell = hitsByEffect(all.filter(({ chance }) => chance));
    const on = { ...options, woundDown: windDown?.aborted ?? false };
    for (const finding of [...unheardIn(counts), ...idleIn({ ...counts, runs, kills, secretsKnown }, on, fell)])
      find(finding);
    return {
      seed,
      plan: planned.hash,
      runs,
      seconds: (Date.now() - began) / 1000,
      ...counts,
      kills,
      killedAt: killed?.met ?? { writes: 0, steps: 0 },
      faults: hitsByEffect(all),
      throttled,
      busy: (await emulator.requests()).filter(({ status }) => status === 409 || status === 429).length,
      secretsKnown,
      temporal: await temporal.counts(),
      findings,
    };
  } finally {
    enough.abort();
    await killing?.catch(() => undefined);
    await temporal.close();
    const keep = options.keep || findings.length > 0;
    await installation.close(keep);
    if (keep) tell(`state and logs stay in ${installation.dataDir}`);
  }
}
