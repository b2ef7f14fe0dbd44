import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { samplesDocument } from '../../samples/report.ts';
import { isMet } from '../../samples/trySample.ts';

const published = [11055.977245525679, 4503.079536107787];

test('An answer is met but for rounding, and not met with another number, another length or another kind.', () => {
  expect(isMet([11055.97724552, 4503.07953611], published)).toBe(true);
  expect(isMet([11056.977245525679, 4503.079536107787], published)).toBe(false);
  expect(isMet([11055.977245525679], published)).toBe(false);
  expect(isMet({ error: 'no' }, published)).toBe(false);
  expect(isMet([11055.977245525679, null], published)).toBe(false);
});

test('The document shows an answer that is not met as such.', () => {
  const served = { liveness: 200, status: 200, body: [1, 2] };
  const python = { shipped: '3.12.11', used: '3.12.1' };
  const result = {
    sample: 'custom',
    python,
    packages: {},
    expected: published,
    answer: [1, 2],
    served,
    met: false,
  } as const;
  expect(samplesDocument([{ ...result, expected: [...published], answer: [1, 2] }], '2026-11-27')).toContain(
    '## `custom`: not met',
  );
});

test('npm run samples says which folder is missing, and ends with 2.', () => {
  const main = join(import.meta.dirname, '../../samples/main.ts');
  const { status, stderr } = spawnSync(process.execPath, [main, '--data', '/nowhere'], { encoding: 'utf8' });
  expect(stderr).toContain('There is no folder /nowhere/samples with the published models.');
  expect(status).toBe(2);
});
