import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { noColors } from '../../src/cli/output/colors.ts';
import { changes } from '../../src/cli/progress/changes.ts';
import { failureLines, outcomeLines } from '../../src/cli/progress/outcome.ts';
import { stepTable } from '../../src/cli/progress/stepTable.ts';
import type { Environment, StepProgress } from '../../src/client/index.ts';
import { newFailure } from '../../src/domain/failures.ts';
import { pendingStep } from '../../src/domain/progress.ts';
import { stepIds, steps } from '../../src/domain/steps.ts';

const titles = new Map<string, string>(steps.map(({ id, title }) => [id, title]));

const group = '/subscriptions/s/resourceGroups/rg-moat-churn1';
const vnet = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-a`;
const link = `${group}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io/virtualNetworkLinks/link-a`;
const now = Date.parse('2026-11-23T12:00:10Z');

function environment(network: Partial<StepProgress>): Environment {
  const steps = stepIds.map((id) => ({ ...pendingStep(id), ...(id === 'network' && network) }));
  return {
    name: 'churn1',
    state: 'provisioning',
    target: 'emulator',
    spec: null,
    owner: 'ana',
    createdAt: '2026-11-23T12:00:00Z',
    lease: { expiresAt: '2026-11-23T20:00:00Z', protected: false, reason: null, markedAt: null },
    run: null,
    failure: null,
    outputs: {},
    proof: null,
    receipt: null,
    steps,
    costPerHour: null,
    actions: ['cancel', 'teardown', 'renew', 'protect'],
    links: { temporal: null, portal: null, events: '/environments/churn1/events' },
  };
}

const networkRow = (network: Partial<StepProgress>, columns = 200): string =>
  stripVTControlCharacters(
    stepTable(environment(network), now, { titles, colors: pc, columns })[stepIds.indexOf('network')]!,
  );

const running = { state: 'running', since: '2026-11-23T12:00:07Z' } as const;

const since = '2026-11-23T19:00:00.000Z';

describe('the step table', () => {
  it('shows the title of a pending step', () => {
    expect(networkRow({})).toMatch(/network .* Virtual network, outbound path, private DNS$/);
  });

  it('counts the resources of a running step and names those in progress', () => {
    const resources = [
      { id: vnet, state: 'Succeeded', since },
      { id: link, state: 'Creating', since },
    ];
    expect(networkRow({ ...running, resources })).toMatch(
      /3\.0 s {2}1\/2 · virtualNetworkLinks\/privatelink\.azurecr\.io\/link-a Creating$/,
    );
  });

  it('shows why a step is retried', () => {
    const message = 'TooManyRequests: slow down';
    expect(networkRow({ ...running, state: 'retrying', message })).toContain(message);
  });

  it('fits into the terminal', () => {
    expect(networkRow({ ...running, message: 'long '.repeat(50) }, 80).length).toBeLessThan(80);
  });
});

describe('the progress lines without a terminal', () => {
  it('contain each change of a resource or step once', () => {
    const before = environment({ ...running, resources: [{ id: vnet, state: 'Creating', since }] });
    const after = environment({ ...running, state: 'succeeded', resources: [{ id: vnet, state: 'Succeeded', since }] });
    expect(changes(before, after).map((line) => line.replace(/ +/g, ' '))).toEqual([
      'network virtualNetworks/vnet-a: Succeeded',
      'network succeeded',
    ]);
    expect(changes(after, after)).toEqual([]);
  });

  it('skip succeeded resources at first', () => {
    const seen = environment({ ...running, resources: [{ id: vnet, state: 'Succeeded', since }] });
    expect(changes(undefined, seen).join('\n')).not.toContain('vnet-a');
  });
});

describe('the outcome of a blocked teardown', () => {
  it('names each blocker and the command that clears it', () => {
    const blocker = { resource: 'vnet-a', reason: 'it is locked', command: 'az lock delete --name keep' };
    const receipt = { removed: [], remaining: [vnet], blockers: [blocker] };
    expect(outcomeLines({ ...environment({}), state: 'blocked', receipt }, noColors)).toEqual([
      'churn1 is blocked.',
      'vnet-a: it is locked',
      'Remedy: az lock delete --name keep',
    ]);
  });
});

describe('a failure', () => {
  const failure = newFailure({ type: 'DeploymentUnhealthy', message: 'crashed', remedy: 'correct the script' });

  it('shows code, message, remedy and the last lines of the container', () => {
    const lines = failureLines({ ...failure, log: 'Traceback\nKeyError' }, noColors);
    expect(lines).toEqual([
      'DeploymentUnhealthy: crashed',
      'Remedy: correct the script',
      "Container's last lines:",
      '  Traceback',
      '  KeyError',
    ]);
  });

  it('without a log has no such lines', () => {
    expect(failureLines(failure, noColors)).toHaveLength(2);
  });
});
