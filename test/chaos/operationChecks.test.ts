import { describe, expect, it } from 'vitest';
import { groupOf } from '../../chaos/invariants.ts';
import type { EmulatedOperation } from '../../chaos/emulatorControl.ts';
import { checkOperations } from '../../chaos/operationChecks.ts';

const name = 'planted';
const idOf = (rest: string): string => `${groupOf(name)}/providers/${rest}`;
const network = 'Microsoft.Network/virtualNetworks/vnet-x';
const endpoint = 'Microsoft.MachineLearningServices/workspaces/mlw-x/onlineEndpoints/planted-x';
const command = (attempt: string): string => `Microsoft.Compute/virtualMachines/vm-x/runCommands/${attempt}`;

type Operation = [kind: EmulatedOperation['kind'], rest: string, from: number, to?: number, outcome?: 'Failed'];

const operations = (...rows: Operation[]): EmulatedOperation[] =>
  rows.map(([kind, rest, startedAt, endsAt = startedAt + 5, outcome], n) => ({
    id: String(n),
    kind,
    resourceId: idOf(rest),
    startedAt,
    endsAt,
    outcome: outcome ?? 'Succeeded',
    settled: true,
  }));

const findings = (...rows: Operation[]): string[] =>
  checkOperations({ name, deleted: true }, operations(...rows)).findings.map(({ kind, detail }) => `${kind} ${detail}`);

describe('operation checks', () => {
  it('report concurrent changes of one resource', () => {
    expect(findings(['create', network, 0, 10], ['delete', network, 5, 15])).toEqual([
      `duplicateCreate concurrent create and delete: ${network}`,
    ]);
  });

  it('report a resource created twice, unless it or its parent was deleted in between', () => {
    const twice = `duplicateCreate created twice: ${network}`;
    expect(findings(['create', network, 0], ['create', network, 10])).toEqual([twice]);
    expect(findings(['create', network, 0], ['delete', network, 10], ['create', network, 20])).toEqual([]);
  });

  it('report a second assignment of the same role', () => {
    const role = 'Microsoft.Storage/storageAccounts/stx/providers/Microsoft.Authorization/roleAssignments';
    expect(findings(['create', `${role}/1`, 0], ['create', `${role}/2`, 10])).toHaveLength(1);
  });

  it('report two concurrent executions of one script, whatever their names', () => {
    const [one, two] = [command('buildImage-provision-1-1'), command('buildImage-provision-2-1')];
    const twice = [`duplicateCreate created twice: ${two}`];
    expect(findings(['create', one, 0], ['create', two, 10], ['delete', one, 20])).toEqual(twice);
    // Moat does not wait for the deletion, which may fail: the script has ended before
    expect(findings(['create', one, 0], ['delete', one, 10, 30, 'Failed'], ['create', two, 20])).toEqual([]);
    expect(findings(['create', one, 0], ['create', command('verify-provision-1-1'), 10])).toEqual([]);
  });

  it('report an update of a run command', () => {
    const setUp = command('setUp-provision-1-1');
    expect(findings(['create', setUp, 0], ['update', setUp, 10])).toEqual([
      `duplicateCreate run command updated: ${setUp}`,
    ]);
  });

  it('report an update of a succeeded resource, unless its type is updated by design', () => {
    expect(findings(['create', network, 0], ['update', network, 10])).toEqual([
      `duplicateCreate updated without need: ${network}`,
    ]);
    expect(findings(['create', network, 0, 5, 'Failed'], ['update', network, 10])).toEqual([]);
    const version = 'Microsoft.MachineLearningServices/workspaces/mlw-x/codes/planted-x/versions/1';
    expect(findings(['create', version, 0], ['update', version, 10])).toEqual([]);
  });

  it('report traffic that was set twice', () => {
    expect(findings(['create', endpoint, 0], ['update', endpoint, 10])).toEqual([]);
    expect(findings(['create', endpoint, 0], ['update', endpoint, 10], ['update', endpoint, 20])).toEqual([
      `duplicateCreate updated without need: ${endpoint}`,
    ]);
  });

  it.each(['Microsoft.Authorization/roleDefinitions/1', 'Microsoft.OperationalInsights/workspaces/log-x'])(
    'report a resource that survives its group: %s',
    (rest) => {
      expect(findings(['create', rest, 0])).toEqual([`orphan not deleted individually, survives its group: ${rest}`]);
      expect(findings(['create', rest, 0, 5, 'Failed'], ['update', rest, 10])).toHaveLength(1);
      expect(findings(['create', rest, 0], ['delete', rest, 10])).toEqual([]);
      expect(checkOperations({ name, deleted: false }, operations(['create', rest, 0])).findings).toEqual([]);
    },
  );
});
