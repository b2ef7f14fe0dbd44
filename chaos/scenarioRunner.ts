import {
  groupOf,
  missingResources,
  openInternet,
  receiptFindings,
  remainingRunCommands,
  unfinishedRuns,
} from './invariants.ts';
import type { Finding } from './invariants.ts';
import { checkOperations } from './operationChecks.ts';
import type { PlannedScenario } from './plan.ts';
import { runScenario, tearDown } from './scenario.ts';
import type { ScenarioContext, ScenarioResult } from './scenario.ts';
import type { TemporalInspector } from './temporalInspector.ts';

/** Every tenth environment is kept until the end, so that there are environments that nothing may touch. */
const isKept = (name: string): boolean => name.endsWith('0');

export interface ScenarioRunnerOptions extends ScenarioContext {
  temporal: TemporalInspector;
  log: (line: string) => void;
}

/** Runs scenarios, checks the invariants after each, and collects findings and counts. */
export function createScenarioRunner(options: ScenarioRunnerOptions) {
  const { client, emulator, temporal, signal, log } = options;
  const findings: Finding[] = [];
  const live = new Set<string>();
  const outcomes: Record<string, number> = {};
  const counts = { completed: 0, missed: 0, refused: 0, ignoredRefusals: 0, creates: 0, updates: 0, outcomes };

  function report(finding: Finding): void {
    findings.push(finding);
    log(`! ${finding.kind} ${finding.name}: ${finding.detail}`);
  }
  const reportAll = (kind: Finding['kind'], name: string, details: readonly string[]): void => {
    for (const detail of details) report({ kind, name, detail });
  };

  /** Checks histories, operations, receipt and runs of an environment after its teardown. */
  async function inspectDeleted(name: string): Promise<void> {
    const runs = await client.runs(name);
    const environment = await client.get(name);
    const deleted = environment?.state === 'deleted';
    const { failed, unexpectedEnds } = await temporal.inspect({ name, deleted }, runs);
    reportAll('failedTask', name, failed);
    reportAll('unexplained', name, unexpectedEnds);
    const operations = checkOperations({ name, deleted }, await emulator.operations(`${groupOf(name)}/`));
    counts.creates += operations.creates;
    counts.updates += operations.updates;
    operations.findings.forEach(report);
    if (environment) [...receiptFindings(environment), ...unfinishedRuns(environment, runs)].forEach(report);
    else report({ kind: 'unexplained', name, detail: 'has runs, but GET answers 404' });
  }

  /** Compares an environment's answer at the end of its scenario with the emulator's resources. */
  async function inspectIdle({ state, environment }: ScenarioResult, name: string): Promise<void> {
    const resources = await emulator.resources();
    openInternet(name, resources).forEach(report);
    if (state !== 'ready') return;
    if (!environment?.spec) return report({ kind: 'unexplained', name, detail: 'ready, without a spec' });
    missingResources(environment.spec, resources).forEach(report);
    remainingRunCommands(name, resources, await emulator.operations(`${groupOf(name)}/`)).forEach(report);
  }

  function count(scenario: PlannedScenario['scenario'], { state, missed, refused }: ScenarioResult): void {
    const outcome = `${scenario}: ${state}${missed === 'too late' ? ' (too late)' : ''}`;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    counts.completed += 1;
    if (missed) counts.missed += 1;
    if (refused) counts.refused += 1;
    if (refused && missed) counts.ignoredRefusals += 1;
  }

  /** Reports an error as a finding, unless the chaos run is being aborted. */
  async function reportErrors(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      signal.throwIfAborted();
      report({ kind: 'unexplained', name, detail: String(error) });
    }
  }

  const tearDownAndInspect = (name: string): Promise<void> =>
    reportErrors(name, async () => {
      const errors = await tearDown(name, options);
      reportAll('notTerminal', name, errors);
      if (errors.length === 0) live.delete(name);
      await inspectDeleted(name);
    });

  return {
    findings,
    report,
    counts,
    /** names of environments that are not deleted */
    live,
    tearDown: tearDownAndInspect,
    /** Runs one scenario and checks its outcome; tears the environment down unless it is kept until the end. */
    run: (planned: PlannedScenario): Promise<void> =>
      reportErrors(planned.name, async () => {
        const { name, scenario } = planned;
        live.add(name);
        const result = await runScenario(planned, options);
        const { state, missed, errors, open } = result;
        count(scenario, result);
        reportAll(state === 'timedOut' ? 'notTerminal' : 'unexplained', name, errors);
        open.forEach(report);
        log(`${counts.completed}: ${name} ${scenario}: ${state}${missed ? ` (${missed})` : ''}`);
        await inspectIdle(result, name);
        if (state === 'deleted') {
          live.delete(name);
          await inspectDeleted(name);
        } else if (!isKept(name)) await tearDownAndInspect(name);
      }),
  };
}
