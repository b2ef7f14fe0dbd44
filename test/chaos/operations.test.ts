import { describe, expect, it } from 'vitest';
import { groupOf } from '../../chaos/accounting.ts';
import type { EmulatedOperation } from '../../chaos/emulator.ts';
import { accountOf } from '../../chaos/operations.ts';

const name = 'planted';
const idOf = (rest: string): string => `${groupOf(name)}/providers/${rest}`;
const network = 'Microsoft.Network/virtualNetworks/vnet-x';
const endpoint = 'Microsoft.MachineLearningServices/workspaces/mlw-x/onlineEndpoints/planted-x';
const command = (attempt: string): string => `Microsoft.Compute/virtualMachines/vm-x/runCommands/${attempt}`;

type Deed = [kind: EmulatedOperation['kind'], rest: string, from: number, to?: number, outcome?: 'Failed'];

const operations = (...deeds: Deed[]): EmulatedOperation[] =>
  deeds.map(([kind, rest, startedAt, endsAt = startedAt + 5, outcome], n) => ({
    id: String(n),
    kind,
    resourceId: idOf(rest),
    startedAt,
    endsAt,
    outcome: outcome ?? 'Succeeded',
    settled: true,
  }));

const found = (...deeds: Deed[]): string[] =>
  accountOf({ name, deleted: true }, operations(...deeds)).findings.map(({ kind, detail }) => `${kind} ${detail}`);

describe('what is found in the operations of an environment', () => {
  it('two changes of one resource at once', () => {
    expect(found(['create', network, 0, 10], ['delete', network, 5, 15])).toEqual([
      `duplicateCreate create and delete at once: ${network}`,
    ]);
  });

  it('a resource made twice, unless it or its holder was deleted in between', () => {
    const twice = `duplicateCreate created twice: ${network}`;
    expect(found(['create', network, 0], ['create', network, 10])).toEqual([twice]);
    expect(found(['create', network, 0], ['delete', network, 10], ['create', network, 20])).toEqual([]);
  });

  it('a second role for the same purpose', () => {
    const role = 'Microsoft.Storage/storageAccounts/stx/providers/Microsoft.Authorization/roleAssignments';
    expect(found(['create', `${role}/1`, 0], ['create', `${role}/2`, 10])).toHaveLength(1);
  });

  it('a script that runs twice at once, under whatever names', () => {
    const [one, two] = [command('buildImage-provision-1-1'), command('buildImage-provision-2-1')];
    const twice = [`duplicateCreate created twice: ${two}`];
    expect(found(['create', one, 0], ['create', two, 10], ['delete', one, 20])).toEqual(twice);
    // the deletion is not waited for, and may fail: the script has ended before
    expect(found(['create', one, 0], ['delete', one, 10, 30, 'Failed'], ['create', two, 20])).toEqual([]);
    expect(found(['create', one, 0], ['create', command('verify-provision-1-1'), 10])).toEqual([]);
  });

  it('a run command that was put again', () => {
    const setUp = command('setUp-provision-1-1');
    expect(found(['create', setUp, 0], ['update', setUp, 10])).toEqual([
      `duplicateCreate run command put again: ${setUp}`,
    ]);
  });

  it('what was put again though it was there, unless it had failed or is meant to be', () => {
    expect(found(['create', network, 0], ['update', network, 10])).toEqual([`duplicateCreate put again: ${network}`]);
    expect(found(['create', network, 0, 5, 'Failed'], ['update', network, 10])).toEqual([]);
    const version = 'Microsoft.MachineLearningServices/workspaces/mlw-x/codes/planted-x/versions/1';
    expect(found(['create', version, 0], ['update', version, 10])).toEqual([]);
  });

  it('traffic that was set more than once', () => {
    expect(found(['create', endpoint, 0], ['update', endpoint, 10])).toEqual([]);
    expect(found(['create', endpoint, 0], ['update', endpoint, 10], ['update', endpoint, 20])).toEqual([
      `duplicateCreate put again: ${endpoint}`,
    ]);
  });

  it.each(['Microsoft.Authorization/roleDefinitions/1', 'Microsoft.OperationalInsights/workspaces/log-x'])(
    'what outlives the group because nothing deleted it: %s',
    (rest) => {
      expect(found(['create', rest, 0])).toEqual([`orphan never deleted by itself, it outlives its group: ${rest}`]);
      expect(found(['create', rest, 0, 5, 'Failed'], ['update', rest, 10])).toHaveLength(1);
      expect(found(['create', rest, 0], ['delete', rest, 10])).toEqual([]);
      expect(accountOf({ name, deleted: false }, operations(['create', rest, 0])).findings).toEqual([]);
    },
  );
});
