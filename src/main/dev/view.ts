import pc from 'picocolors';
import type { Environment } from '../../domain/environment.ts';
import type { Failure } from '../../domain/failures.ts';
import type { ResourceProgress, StepProgress, StepState } from '../../domain/progress.ts';
import { steps } from '../../domain/steps.ts';

const title = new Map<string, string>(steps.map((step) => [step.id, step.title]));
const idWidth = Math.max(...steps.map((step) => step.id.length));

const mark: Record<StepState, string> = {
  pending: pc.dim('·'),
  running: pc.cyan('●'),
  retrying: pc.yellow('↻'),
  succeeded: pc.green('✓'),
  failed: pc.red('✗'),
  skipped: pc.dim('-'),
};

const isSucceeded = (resource: ResourceProgress): boolean => resource.state === 'Succeeded';

/** `virtualNetworks/vnet-k3x9a0q7` or, of a nested resource, `subnets/vnet-k3x9a0q7/snet-scoring` from an ARM id. */
function shortId(id: string): string {
  const [group = '', inProvider] = id.split('/providers/');
  if (inProvider === undefined) return group.split('/').slice(-2).join('/');
  const parts = inProvider.split('/').slice(1);
  const names = parts.filter((_, i) => i % 2 === 1);
  return [parts.at(-2) ?? '', ...names].join('/');
}

function seconds(from: string | null, to: string | null, now: number): string {
  if (from === null) return '';
  const ms = (to === null ? now : Date.parse(to)) - Date.parse(from);
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}

function resourcesOf(step: StepProgress): string {
  if (step.resources.length === 0) return '';
  const done = step.resources.filter(isSucceeded).length;
  const working = step.resources.filter((resource) => !isSucceeded(resource)).map((r) => `${shortId(r.id)} ${r.state}`);
  return [`${done}/${step.resources.length}`, ...working].join(' · ');
}

function textOf(step: StepProgress): string {
  const heading = title.get(step.id)!;
  if (step.state === 'running') return resourcesOf(step) || (step.message ?? heading);
  if (step.state !== 'succeeded') return step.message ?? heading;
  return step.resources.length === 0 ? heading : `${heading} (${step.resources.length} resources)`;
}

/** A table of the nine steps at `now` (ms since the epoch), at most `columns` wide. */
export function stepTable(environment: Environment, now: number, columns: number): string[] {
  return environment.steps.map((step) => {
    const took = step.state === 'pending' ? '' : seconds(step.since, step.finishedAt, now);
    const plain = `${step.id.padEnd(idWidth)} ${took.padStart(8)}  ${textOf(step)}`.slice(0, columns - 4);
    return ` ${mark[step.state]} ${step.state === 'pending' ? pc.dim(plain) : plain}`;
  });
}

/** One line for each step and resource that has changed. Without `before`, succeeded resources are skipped. */
export function changes(before: Environment | undefined, after: Environment): string[] {
  const lines: string[] = [];
  for (const step of after.steps) {
    const old = before?.steps.find((candidate) => candidate.id === step.id);
    const name = step.id.padEnd(idWidth);
    for (const resource of step.resources) {
      const known = old?.resources.find((candidate) => candidate.id === resource.id);
      const isChanged = before === undefined ? !isSucceeded(resource) : known?.state !== resource.state;
      if (isChanged) lines.push(`${name}  ${shortId(resource.id)}: ${resource.state}`);
    }
    const wasState = old?.state ?? 'pending';
    const newReason = step.message !== null && old?.reason !== step.reason;
    if (wasState !== step.state || newReason)
      lines.push(`${name}  ${step.state}${step.message === null ? '' : `: ${step.message}`}`);
  }
  if (before?.state !== after.state) lines.push(`${after.name} is ${after.state}`);
  return lines;
}

/** A failure: its code and message, the remedy, and the container's log, indented. */
export function failureLines({ code, message, remedy, log }: Failure): string[] {
  const container =
    log === null ? [] : ["Container's last lines:", ...log.split('\n').map((line) => pc.dim(`  ${line}`))];
  return [pc.red(`${code}: ${message}`), ...(remedy === '' ? [] : [`Remedy: ${remedy}`]), ...container];
}
