import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resourceTypeOf } from '../../src/activities/resources/resourceTypes.ts';
import { operationTimeoutMinutes } from '../../src/domain/operationTimeouts.ts';
import { privateLinkKeys, privateLinks } from '../../src/domain/privateLinks.ts';
import { resourceCatalogue } from '../../src/domain/resourceCatalogue.ts';
import type { CatalogueKey } from '../../src/domain/resourceKeys.ts';
import type { ResourceRow } from '../../src/domain/resourceRow.ts';
import {
  buildInternetRule,
  catalogueRows,
  hasNamePrefix,
  plannedResources,
  resourceProviders,
  resourcesOf,
} from '../../src/domain/resources.ts';
import { stepIds, steps } from '../../src/domain/steps.ts';
import { typeRegistry } from '../../src/emulator/providers/typeRegistry.ts';
import { refNamed } from '../workflows/fixtures.ts';
import { recordSequence, waitsFor } from '../workflows/recordSequence.ts';

const ref = refNamed('churn1');
const sequence = recordSequence();
const typeFiles = readdirSync(fileURLToPath(new URL('../../src/activities/resources/types', import.meta.url)));
const taskAt = (key: string) => sequence.find(({ task }) => task === `ensure:${key}`)!;
const endOf = (id: string) => sequence.find(({ step, task }) => step === id && task === 'end')!;
const rowAt = (key: string): ResourceRow | undefined => resourceCatalogue[key as CatalogueKey];

/** The phase in which a row is deleted, with its parent where it has none of its own. */
const phaseOf = (row: ResourceRow | undefined): number | undefined =>
  row && (row.phase ?? (row.parent === undefined ? undefined : phaseOf(rowAt(row.parent))));

describe.each(catalogueRows)('the row %s of the catalogue', (key, row) => {
  const resources = resourcesOf(ref, key);
  const { id } = resources[0]!;
  const isCreated = row.lifetime === undefined || row.lifetime === 'temporary';

  it('has a resource type in src/activities/resources/types', () => {
    const type = resourceTypeOf(id);
    expect(type.type).toBe(row.type);
    expect(type.put !== undefined).toBe(isCreated || rowAt('networkInterface')!.type === row.type);
  });

  it('has a type in the emulator, if Moat creates it', () => {
    if (isCreated) expect(typeRegistry.has(row.type.toLowerCase())).toBe(true);
  });

  it('has a line in the sequence, in its step, if Moat creates it', () => {
    const lines = sequence.filter(({ task }) => task === `ensure:${key}` || task.startsWith(`ensure:${key}:`));
    expect(lines).toHaveLength(isCreated ? resources.length : 0);
    expect(lines.filter(({ step }) => step !== row.step)).toEqual([]);
  });

  it('has a step, a title, a timeout and, if Moat creates it for good, a registered resource provider', () => {
    expect(stepIds).toContain(row.step);
    expect(row.title).not.toBe('');
    expect(operationTimeoutMinutes(id)).toBeGreaterThanOrEqual(30);
    if (row.lifetime === undefined) expect(resourceProviders).toContain(row.type.split('/')[0]);
  });

  it('has a phase of the teardown, later than that of its dependents', () => {
    expect(phaseOf(row)).toEqual(expect.any(Number));
    for (const dependent of row.dependents ?? [])
      expect(phaseOf(rowAt(dependent)), dependent).toBeLessThan(phaseOf(row)!);
  });

  it('has names that its rule allows', () => {
    for (const suffix of ['abc', 'abcdefghij'])
      for (const { name } of hasNamePrefix(row) ? [] : resourcesOf({ ...ref, suffix }, key))
        expect(name.split('/').at(-1)).toMatch(row.nameRule.pattern);
    expect('never a name?'.repeat(100)).not.toMatch(row.nameRule.pattern);
    expect(row.nameRule.text).not.toBe('');
  });
});

describe('the catalogue', () => {
  it('has a row for every resource type, each in a file of its own', () => {
    const types = new Set(catalogueRows.map(([, { type }]) => type));
    expect(typeFiles).toHaveLength(types.size);
  });

  it('has a row for every resource that the sequence creates', () => {
    const keys = [...plannedResources(ref), buildInternetRule(ref)].map((one) => `ensure:${one.key}`);
    const created = sequence.map(({ task }) => task).filter((task) => task.startsWith('ensure:'));
    expect(created.toSorted()).toEqual([...keys, 'ensure:group', 'ensure:traffic'].toSorted());
  });

  it('has a private endpoint and a zone group, after its target, for every private link', () => {
    for (const link of privateLinkKeys) {
      const privateEndpoint = taskAt(`privateEndpoint:${link}`);
      const zoneGroup = taskAt(`zoneGroup:${link}`);
      expect(waitsFor(privateEndpoint, taskAt(privateLinks[link].target)), link).toBe(true);
      for (const need of ['virtualNetwork', ...privateLinks[link].zoneNames.map((zone) => `zone:${zone}`)])
        expect(waitsFor(zoneGroup, taskAt(need)), `${link} ${need}`).toBe(true);
    }
  });
});

describe('the sequence', () => {
  it.each(steps)('ends $id after the steps that it needs', ({ id, needs }) => {
    // the deployment waits for the image, and not for what the step does afterwards on the jumpbox
    const needed = needs.map((need) =>
      need === 'image' ? sequence.find(({ task }) => task === 'run:buildImage')! : endOf(need),
    );
    for (const need of needed) expect(waitsFor(endOf(id), need), need.task).toBe(true);
  });

  it('creates nothing before the preflight has passed', () => {
    for (const task of sequence.filter(({ step }) => step !== 'preflight'))
      expect(waitsFor(task, endOf('preflight')), task.task).toBe(true);
  });

  it('writes on the virtual network and its security group one at a time', () => {
    const writes = ['networkSecurityGroup', 'virtualNetwork', 'buildInternetRule'].map(taskAt);
    for (const [i, write] of writes.slice(1).entries()) expect(waitsFor(write, writes[i]!)).toBe(true);
  });
});
