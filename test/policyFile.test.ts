import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../src/config/configError.ts';
import { loadConfig } from '../src/config.ts';
import { limitsOf } from '../src/domain/ownerLimits.ts';

function load(policy: string | object) {
  const directory = mkdtempSync(join(tmpdir(), 'moat-policy-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'policy.json');
  writeFileSync(file, typeof policy === 'string' ? policy : JSON.stringify(policy));
  return loadConfig({ MOAT_SEAL_KEY: '0123456789abcdef0123456789abcdef', MOAT_MAX_TTL: '5d', MOAT_POLICY_FILE: file });
}

function errorsOf(policy: string | object): readonly string[] {
  try {
    load(policy);
  } catch (error) {
    if (error instanceof ConfigError) return error.errors;
    throw error;
  }
  return [];
}

test('limits all owners, and some otherwise', () => {
  const { policy } = load({
    environmentsPerOwner: 5,
    locations: ['westus2'],
    owners: { ana: { environmentsPerOwner: null, maxTtl: '1d' }, bo: { locations: null } },
  });
  const everybody = { environments: 5, locations: ['westus2'], instanceTypes: null, maxTtl: '5d' };
  expect(limitsOf(policy, 'cy')).toEqual(everybody);
  expect(limitsOf(policy, 'ana')).toEqual({ ...everybody, environments: null, maxTtl: '1d' });
  expect(limitsOf(policy, 'bo')).toEqual({ ...everybody, locations: null });
  expect(limitsOf(policy, 'constructor')).toEqual(everybody);
});

test('without a file only the longest lease is limited', () => {
  const { policy } = loadConfig({ MOAT_SEAL_KEY: '0123456789abcdef0123456789abcdef' });
  expect(limitsOf(policy, 'ana')).toEqual({ environments: null, locations: null, instanceTypes: null, maxTtl: '7d' });
});

test('reports every error with its path', () => {
  const errors = errorsOf({
    environmentsPerOwner: -1,
    locations: [],
    instanceTypes: ['Standard_DS2_v2', 'Standard_Big'],
    maxTtl: '9d',
    maxLease: '3d',
    owners: { ana: { locations: 'westus2', constructor: 1 }, bo: 5 },
  });
  expect(errors).toEqual([
    'MOAT_POLICY_FILE /environmentsPerOwner: must be a number from 0 to 500, or null',
    "MOAT_POLICY_FILE /locations: must be a list of Azure regions' short names, like westus2, or null",
    'MOAT_POLICY_FILE /instanceTypes: must be a list of virtual machine sizes that managed online endpoints allow, or null',
    'MOAT_POLICY_FILE /maxTtl: must be at most 5d, which is MOAT_MAX_TTL',
    expect.stringMatching(/^MOAT_POLICY_FILE \/maxLease: unknown property; known are environmentsPerOwner, /),
    "MOAT_POLICY_FILE /owners/ana/locations: must be a list of Azure regions' short names, like westus2, or null",
    expect.stringMatching(/^MOAT_POLICY_FILE \/owners\/ana\/constructor: unknown property/),
    'MOAT_POLICY_FILE /owners/bo: must be an object',
  ]);
});

test.each([
  ['{', /^MOAT_POLICY_FILE cannot be read: /],
  ['[]', /^MOAT_POLICY_FILE: must be a JSON object$/],
  ['{"owners":[]}', /^MOAT_POLICY_FILE \/owners: must be an object: the limits that differ, by owner$/],
])('refuses %s', (text, message) => {
  expect(errorsOf(text)).toEqual([expect.stringMatching(message)]);
});

test('refuses a file that is missing', () => {
  expect(() => loadConfig({ MOAT_POLICY_FILE: '/nowhere/policy.json' })).toThrow(/MOAT_POLICY_FILE cannot be read/);
});
