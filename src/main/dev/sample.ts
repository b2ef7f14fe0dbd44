import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import type { Environment } from '../../domain/environment.ts';
import { environmentEvents } from './events.ts';
import type { Screen } from './screen.ts';
import { changes, stepTable } from './view.ts';

const sample = { name: 'sample', location: 'westus2' };
const atWork = new Set<Environment['state']>(['provisioning', 'deleting']);

/** Asks for the sample environment. Gives what the API answers, or tells its refusal and gives undefined. */
async function request(api: string, screen: Screen): Promise<{ environment: Environment; asked: number } | undefined> {
  const response = await fetch(`${api}/environments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(sample),
  });
  const body = (await response.json()) as Environment & { detail?: string };
  if (response.ok) return { environment: body, asked: response.status };
  screen.line(`The sample environment is not started (${response.status}): ${body.detail ?? ''}`);
  return undefined;
}

function show(screen: Screen, before: Environment | undefined, now: Environment, startedAt: number): void {
  if (!screen.isTerminal) {
    const time = `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  `;
    for (const line of changes(before, now)) screen.line(time + line);
    return;
  }
  screen.draw([`${pc.bold(now.name)} is ${now.state}`, ...stepTable(now, Date.now(), screen.columns)]);
}

/** Follows a run to its end, over connections that break: the API may be started again meanwhile. */
async function follow(url: string, first: Environment, screen: Screen, signal: AbortSignal): Promise<Environment> {
  const startedAt = Date.now();
  let seen = first;
  show(screen, undefined, first, startedAt);
  const clock = setInterval(() => screen.isTerminal && show(screen, seen, seen, startedAt), 250);
  try {
    for (;;) {
      try {
        for await (const environment of environmentEvents(url, signal)) {
          show(screen, seen, environment, startedAt);
          seen = environment;
        }
      } catch (error) {
        if (signal.aborted) throw error;
      }
      if (!atWork.has(seen.state)) return seen;
      await sleep(200, undefined, { signal });
    }
  } finally {
    clearInterval(clock);
    screen.settle();
  }
}

function tellOutcome(environment: Environment, screen: Screen): void {
  const { receipt, failure } = environment;
  if (environment.state === 'ready' && receipt !== null && 'score' in receipt) {
    const passed = receipt.proof.filter((row) => row.verdict === 'passed').length;
    screen.line(`Isolation: ${passed} of ${receipt.proof.length} checks passed.`);
    for (const { check, verdict, observed } of receipt.proof) {
      if (verdict !== 'passed') screen.line(`  ${verdict}: ${check}: ${observed}`);
    }
    screen.line(`The endpoint answers, from inside its network: ${pc.green(JSON.stringify(receipt.score.body))}`);
  } else if (failure !== null) {
    screen.line(pc.red(`${environment.name} is ${environment.state}: ${failure.code}: ${failure.message}`));
    if (failure.remedy !== '') screen.line(`What to do: ${failure.remedy}`);
  } else {
    screen.line(`${environment.name} is ${environment.state}.`);
  }
}

/** Provisions the sample environment, or goes on with it, shows its steps as they happen, and tells how it ended. */
export async function showSample(api: string, screen: Screen, signal: AbortSignal): Promise<void> {
  const started = await request(api, screen);
  if (!started) return;
  const { environment, asked } = started;
  if (asked === 200) {
    screen.line('The sample environment is ready since its last run.');
    tellOutcome(environment, screen);
    return;
  }
  const kind = environment.run === null || Date.now() - Date.parse(environment.run.startedAt) < 5_000;
  screen.line(kind ? 'Provisioning the sample environment.' : 'Going on with the sample environment.');
  tellOutcome(await follow(`${api}/environments/sample/events`, environment, screen, signal), screen);
}
