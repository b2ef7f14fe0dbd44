import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from './apiClient.ts';
import { createEmulatorControl } from './emulatorControl.ts';
import { backgroundFaults, hitsByEffect } from './faults.ts';
import { startInstallation } from './installation.ts';
import { orphans, softDeleted } from './invariants.ts';
import { runKillLoop } from './killLoop.ts';
import type { ChaosOptions } from './options.ts';
import { locations, plan, teamCount } from './plan.ts';
import { ignoredRefusalFindings, inactivityFindings } from './report.ts';
import type { Report } from './report.ts';
import { createScenarioRunner } from './scenarioRunner.ts';
import { createSecretScan, secretsInJournal } from './secretScan.ts';
import { createStepEvents } from './stepEvents.ts';
import { createArmClient } from '../test/e2e/support/arm.ts';
import { createTeams } from './teams.ts';
import { createTemporalInspector } from './temporalInspector.ts';

/** Milliseconds until an environment must be idle: a fixed part for this machine, and a part scaled with the emulator's clock. */
const limitMs = { fixed: 300_000, scaled: 3 * 3_600_000 };

const parseFraction = (text: string): number => {
  const [numerator, denominator = '1'] = text.split('/');
  return Number(numerator) / Number(denominator);
};

/** Processes the items, at most `limit` at a time. After `stop` is aborted, no further item is started. */
async function forEachLimit<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
  stop?: AbortSignal,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: limit }, async () => {
      for (const item of queue) {
        if (stop?.aborted) return;
        await work(item);
      }
    }),
  );
}

/**
 * Starts an installation, runs seeded scenarios on it under faults and kills, deletes every environment, and compares the views of
 * Moat, Temporal and the emulator. `signal` ends the run early by throwing its reason; after `stopStarting` no scenario is started.
 */
export async function runChaos(
  options: ChaosOptions,
  log: (line: string) => void,
  signal: AbortSignal,
  stopStarting?: AbortSignal,
): Promise<Report> {
  const { runs, seed, concurrency, timeScale, scenario } = options;
  const startedAt = Date.now();
  const planned = plan({ runs, seed, variants: options.variants, ...(scenario && { scenario }) });
  log(`seed ${seed}, plan ${planned.hash}`);
  const installation = await startInstallation({ timeScale, workers: 2, log });
  const scan = createSecretScan();
  const client = createApiClient(installation.url, scan, signal);
  const emulator = createEmulatorControl(installation.emulatorUrl, installation.caFile);
  const stepEvents = createStepEvents();
  const teams = createTeams(createArmClient(installation), emulator);
  const temporal = await createTemporalInspector(installation.address, installation.dataConverter(), scan);
  const scale = parseFraction(timeScale);
  const runner = createScenarioRunner({
    client,
    emulator,
    temporal,
    stepEvents,
    teams,
    limitMs: limitMs.fixed + scale * limitMs.scaled,
    // 40 polls a second at most, whatever the concurrency
    pollIntervalMs: Math.max(500, 25 * concurrency),
    kills: options.kills,
    signal,
    log,
  });
  const { report, findings } = runner;
  const throttled = { taken: 0, refused: 0 };
  async function addThrottlingCounts(): Promise<void> {
    const { taken, refused } = await emulator.throttling();
    throttled.taken += taken;
    throttled.refused += refused;
  }
  const collectSecrets = (): void => scan.addSecrets(secretsInJournal(installation.dataDir));

  async function untilReady(): Promise<void> {
    while (!(await fetch(`${installation.url}/readyz`).catch(() => undefined))?.ok)
      await sleep(100, undefined, { signal });
  }

  const stopKills = new AbortController();
  let killLoop: ReturnType<typeof runKillLoop> | undefined;
  try {
    await untilReady();
    log(`ready: ${installation.url}, state and logs in ${installation.dataDir}`);
    if (options.variants) await teams.create(Math.min(runs, teamCount));
    await emulator.setThrottling(options.throttling);
    await emulator.raiseQuota(locations);
    if (options.faults) for (const fault of backgroundFaults(seed)) await emulator.addFault(fault);
    if (options.kills)
      killLoop = runKillLoop({
        installation,
        emulator,
        stepEvents,
        timeScale: scale,
        kill: planned.kill,
        signal: AbortSignal.any([signal, stopKills.signal]),
        beforeEmulatorKill: addThrottlingCounts,
        beforeEmulatorRestart: collectSecrets,
        log,
      });
    // An error is reported below; scenarios that have started continue without kills.
    killLoop?.catch(() => undefined);
    await forEachLimit(concurrency, planned.runs, runner.run, stopStarting);
    stopKills.abort();
    const killed = await killLoop?.catch((error: unknown) => {
      report({ kind: 'inactive', name: '', detail: `the kill loop failed: ${String(error)}` });
      return undefined;
    });
    await untilReady();
    const faults = await emulator.faults();
    await emulator.clearFaults();

    const resourcesOfMoat = async () => (await emulator.resources()).filter((one) => !teams.isTeams(one));
    for (const orphan of orphans(runner.live, await resourcesOfMoat())) report(orphan);
    await forEachLimit(concurrency, [...runner.live], runner.tearDown);
    for (const id of await temporal.open()) report({ kind: 'openWorkflow', name: '', detail: id });
    for (const finding of orphans(new Set(), await resourcesOfMoat())) report(finding);
    for (const finding of await teams.differences()) report(finding);
    for (const finding of await softDeleted(emulator)) report(finding);
    for (const { process, code } of installation.unexpectedExits)
      report({ kind: 'unexpectedExit', name: process, detail: `exit code ${code}` });
    collectSecrets();
    const secretsKnown = scan.count();
    scan.addSecrets([readFileSync(join(installation.dataDir, 'seal.key'), 'utf8').trim()]);
    scan.addLogs(installation.logs);
    for (const { where } of scan.matches()) report({ kind: 'secret', name: '', detail: where });
    await addThrottlingCounts();
    const { counts } = runner;
    const kills = killed?.counts ?? {};
    const faultHits = hitsByEffect(faults.filter(({ chance }) => chance));
    const enabled = { ...options, stoppedEarly: stopStarting?.aborted ?? false };
    for (const finding of [
      ...ignoredRefusalFindings(counts),
      ...inactivityFindings({ ...counts, runs, kills, secretsKnown }, enabled, faultHits),
    ])
      report(finding);
    return {
      seed,
      plan: planned.hash,
      runs,
      seconds: (Date.now() - startedAt) / 1000,
      ...counts,
      kills,
      killPoints: killed?.points ?? { writes: 0, steps: 0 },
      faults: hitsByEffect(faults),
      throttled,
      conflicts: (await emulator.requests()).filter(({ status }) => status === 409 || status === 429).length,
      secretsKnown,
      temporal: await temporal.counts(),
      findings,
    };
  } finally {
    stopKills.abort();
    await killLoop?.catch(() => undefined);
    await temporal.close();
    const keep = options.keep || findings.length > 0;
    await installation.close(keep);
    if (keep) log(`state and logs kept in ${installation.dataDir}`);
  }
}
