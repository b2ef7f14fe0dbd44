import type { Environment, ListedEnvironment, ResourceProgress } from '../../client/index.ts';
import { isSucceeded, shortId } from './resourceText.ts';

type Shown = Environment | ListedEnvironment;

const resourcesOf = (step: Shown['steps'][number] | undefined): readonly ResourceProgress[] =>
  step && 'resources' in step ? step.resources : [];

/** One line for each step and resource that has changed. Without `before`, succeeded resources are skipped. */
export function changes(before: Shown | undefined, after: Shown): string[] {
  const lines: string[] = [];
  const idWidth = Math.max(...after.steps.map((step) => step.id.length));
  for (const step of after.steps) {
    const old = before?.steps.find((candidate) => candidate.id === step.id);
    const name = step.id.padEnd(idWidth);
    for (const resource of resourcesOf(step)) {
      const known = resourcesOf(old).find((candidate) => candidate.id === resource.id);
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
