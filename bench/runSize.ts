import { leastRequests } from './leastRequests.ts';
import type { Part, PartContext, PartResult } from './part.ts';
import { provision } from './provision.ts';
import { withStack } from './stack.ts';

async function run(context: PartContext): Promise<PartResult> {
  const { short } = context.options;
  const least = leastRequests();
  return withStack(context, { timeScale: short ? '1/200' : '1/60' }, async (stack) => {
    const { armRequests, runs } = await provision(context, stack, ['size']);
    const { raw } = await stack.client.workflow.getHandle(runs[0]!.workflowId).describe();
    const { historyLength, historySizeBytes } = raw.workflowExecutionInfo!;
    return {
      rows: [
        { measure: 'history of a run', value: Number(historyLength), unit: 'events', goal: { atMost: 400 } },
        { measure: 'history of a run', value: Number(historySizeBytes) / 1024, unit: 'KB', goal: { atMost: 150 } },
        { measure: 'ARM requests of a run', value: armRequests, unit: 'requests' },
        {
          measure: 'ARM requests over the fewest possible',
          value: armRequests / least,
          unit: 'x',
          goal: { atMost: 1.3 },
          note: `at least ${least}: each resource one write and the polls that its duration and Retry-After need`,
        },
      ],
    };
  });
}

export const runSize: Part = {
  name: 'runSize',
  title: 'Size of a run',
  about: 'The history of a provisioning run on Temporal’s server, and its requests to ARM.',
  inShort: true,
  run,
};
