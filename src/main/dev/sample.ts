import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import type { Environment } from '../../domain/environment.ts';
import { environmentEvents } from './events.ts';
import type { Terminal } from './terminal.ts';
import { changes, failureLines, stepTable } from './view.ts';

const sample = { name: 'sample', location: 'westus2' };
const inProgress = new Set<Environment['state']>(['provisioning', 'deleting']);

/** Requests the sample environment. Returns undefined, with the reason on the terminal, when the API refuses it. */
async function request(
  api: string,
  terminal: Terminal,
): Promise<{ environment: Environment; status: number } | undefined> {
  const response = await fetch(`${api}/environments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(sample),
  });
  const body = (await response.json()) as Environment & { detail?: string };
  if (response.ok) return { environment: body, status: response.status };
  terminal.line(`The API rejected the sample environment (${response.status}): ${body.detail ?? ''}`);
  return undefined;
}

function show(terminal: Terminal, before: Environment | undefined, now: Environment, startedAt: number): void {
  if (!terminal.isTerminal) {
    const time = `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  `;
    for (const line of changes(before, now)) terminal.line(time + line);
    return;
  }
  terminal.draw([`${pc.bold(now.name)} is ${now.state}`, ...stepTable(now, Date.now(), terminal.columns)]);
}

/** Follows a run to its end and reconnects when the connection breaks: the API may be restarted meanwhile. */
async function follow(url: string, first: Environment, terminal: Terminal, signal: AbortSignal): Promise<Environment> {
  const startedAt = Date.now();
  let current = first;
  show(terminal, undefined, first, startedAt);
  const clock = setInterval(() => terminal.isTerminal && show(terminal, current, current, startedAt), 250);
  try {
    for (;;) {
      try {
        for await (const environment of environmentEvents(url, signal)) {
          show(terminal, current, environment, startedAt);
          current = environment;
        }
      } catch (error) {
        if (signal.aborted) throw error;
      }
      if (!inProgress.has(current.state)) return current;
      await sleep(200, undefined, { signal });
    }
  } finally {
    clearInterval(clock);
    terminal.settle();
  }
}

function printOutcome(environment: Environment, terminal: Terminal): void {
  const { receipt, failure } = environment;
  if (environment.state === 'ready' && receipt !== null && 'score' in receipt) {
    const { rows } = receipt.proof;
    const passed = rows.filter((row) => row.verdict === 'passed').length;
    terminal.line(`Isolation: ${passed} of ${rows.length} checks passed.`);
    for (const { check, verdict, observed } of rows) {
      if (verdict !== 'passed') terminal.line(`  ${verdict}: ${check}: ${observed}`);
    }
    terminal.line(`Score from inside the network: ${pc.green(JSON.stringify(receipt.score.body))}`);
  } else if (failure !== null) {
    terminal.line(pc.red(`${environment.name} is ${environment.state}`));
    failureLines(failure).forEach((line) => terminal.line(line));
  } else {
    terminal.line(`${environment.name} is ${environment.state}.`);
  }
}

/** Provisions the sample environment or continues its run, shows the progress of its steps, and prints the outcome. */
export async function showSample(api: string, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const started = await request(api, terminal);
  if (!started) return;
  const { environment, status } = started;
  if (status === 200) {
    terminal.line('The sample environment is ready from an earlier run.');
    printOutcome(environment, terminal);
    return;
  }
  const isNew = environment.run === null || Date.now() - Date.parse(environment.run.startedAt) < 5_000;
  terminal.line(isNew ? 'Provisioning the sample environment.' : 'Continuing the run of the sample environment.');
  printOutcome(await follow(`${api}/environments/sample/events`, environment, terminal, signal), terminal);
}
