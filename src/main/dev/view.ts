import pc from 'picocolors';
import type { Environment } from '../../domain/environment.ts';
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

const settled = (resource: ResourceProgress): boolean => resource.state === 'Succeeded';

/** `virtualNetworks/vnet-k3x9a0q7` from an ARM id. */
function shortId(id: string): string {
  const parts = id.split('/providers/').at(-1)?.split('/').slice(1) ?? [];
  return parts.length === 0 ? (id.split('/').at(-1) ?? id) : parts.slice(-2).join('/');
}

function seconds(from: string | null, to: string | null, now: number): string {
  if (from === null) return '';
  const ms = (to === null ? now : Date.parse(to)) - Date.parse(from);
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}

function resourcesOf(step: StepProgress): string {
  if (step.resources.length === 0) return '';
  const done = step.resources.filter(settled).length;
  const working = step.resources.filter((resource) => !settled(resource)).map((r) => `${shortId(r.id)} ${r.state}`);
  return [`${done}/${step.resources.length}`, ...working].join(' · ');
}

/** A table of the nine steps as they are at `now` (ms since the epoch), at most `columns` wide. */
export function stepTable(environment: Environment, now: number, columns: number): string[] {
  return environment.steps.map((step) => {
    const text =
      step.state === 'running' ? resourcesOf(step) || (step.message ?? '') : (step.message ?? resourcesOf(step));
    const what = step.state === 'pending' || text === '' ? title.get(step.id)! : text;
    const took = step.state === 'pending' ? '' : seconds(step.since, step.finishedAt, now);
    const plain = `${step.id.padEnd(idWidth)} ${took.padStart(8)}  ${what}`.slice(0, columns - 4);
    return ` ${mark[step.state]} ${step.state === 'pending' ? pc.dim(plain) : plain}`;
  });
}

/** A line for each step and each resource that is other than before. */
export function changes(before: Environment | undefined, after: Environment): string[] {
  const lines: string[] = [];
  for (const step of after.steps) {
    const old = before?.steps.find((candidate) => candidate.id === step.id);
    const name = step.id.padEnd(idWidth);
    for (const resource of step.resources) {
      const known = old?.resources.find((candidate) => candidate.id === resource.id);
      if (known?.state !== resource.state) lines.push(`${name}  ${shortId(resource.id)}: ${resource.state}`);
    }
    const asBefore = old ? old.state === step.state && old.reason === step.reason : step.state === 'pending';
    if (!asBefore) lines.push(`${name}  ${step.state}${step.message === null ? '' : `: ${step.message}`}`);
  }
  if (before?.state !== after.state) lines.push(`${after.name} is ${after.state}`);
  return lines;
}
