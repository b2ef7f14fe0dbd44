import { describe, expect, test } from 'vitest';
import { assignment, classified, reports } from './armReports.ts';

const of = (name: keyof typeof reports) => classified(reports[name]);

describe('the endpoint and its deployment', () => {
  test('D01 a quota that does not suffice has the three numbers and the size, though the code is BadRequest', () => {
    const { type, action, remedy } = of('D01');
    expect([type, action]).toEqual(['Quota', 'giveUp']);
    expect(remedy).toMatch(/^Standard_DS3_v2 has a limit of 6 cores in westus2, of which 0 are in use, and 8 more/);
    expect(remedy).toContain('"instanceType" or "location"');
  });

  test.each(['D02', 'D02absent', 'D03'] as const)(
    '%s a crashed container is final at once, whatever the code',
    (name) => {
      const { type, action, remedy } = of(name);
      expect([type, action]).toEqual(['DeploymentUnhealthy', 'giveUp']);
      expect(remedy).toContain(
        'get-logs --endpoint-name churn1-k3x9a0q7 --name blue --workspace-name mlw-k3x9a0q7 --resource-group rg-moat-churn1',
      );
    },
  );

  test.each([400, 409, 412])('D05 an endpoint that is still Updating is awaited, with status %i', (status) => {
    expect(classified({ ...reports.D05, status })).toMatchObject({ type: 'Busy', action: 'wait' });
  });

  test('D07 a deployment that is not visible yet is retried, and not without end', () => {
    expect(of('D07')).toMatchObject({ type: 'NotYetConsistent', action: 'retry' });
  });

  test.each(['D09', 'D09timeout'] as const)('%s a creation that never ends is Stuck', (name) => {
    expect(of(name)).toMatchObject({
      type: 'Stuck',
      action: 'giveUp',
      remedy: expect.stringContaining('az ml online-deployment delete --name blue --endpoint-name churn1-k3x9a0q7'),
    });
  });

  test('D12 a workspace that fails inside Azure is retried; the remedy names api-version, properties and location', () => {
    expect(of('D12')).toMatchObject({
      type: 'Transient',
      action: 'retry',
      remedy: expect.stringMatching(
        /api-version of \S+mlw-k3x9a0q7, or one of the properties .* westus2: .*"location"/,
      ),
    });
  });

  test('D13 a deployment without a driver program names its code configuration', () => {
    expect(of('D13')).toMatchObject({ type: 'InvalidRequest', remedy: expect.stringContaining('codeConfiguration') });
  });
});

describe('other errors of ARM', () => {
  test('A01 a policy that forbids account keys is named with its assignment and the field', () => {
    const { type, remedy } = of('A01');
    expect(type).toBe('PolicyDenied');
    expect(remedy).toContain('properties.allowSharedKeyAccess');
    expect(remedy).toContain(`--policy-assignment ${assignment} `);
  });

  test('A01 account keys that a policy removed later are an error of the datastores', () => {
    expect(of('A01late')).toMatchObject({
      type: 'PolicyDenied',
      remedy: expect.stringContaining('az resource show --resource-group rg-moat-churn1 --name mlw-k3x9a0q7'),
    });
  });

  test.each(['A02', 'A02escaped'] as const)(
    '%s the remedy has the assignment’s id, in plain or escaped quotes',
    (name) => {
      expect(of(name).remedy).toContain(`--policy-assignment ${assignment} --exemption-category Waiver`);
    },
  );

  test('A03 a landing zone that forbids private DNS zones names the type and the policy', () => {
    const { type, remedy } = of('A03');
    expect(type).toBe('PolicyDenied');
    expect(remedy).toMatch(/Deny-Public-Endpoints denies Microsoft.Network\/privateDnsZones/);
  });

  test('A06 a storage account that is busy with another private endpoint is awaited', () => {
    expect(of('A06')).toMatchObject({ type: 'Busy', action: 'wait' });
  });

  test('A07 a size without capacity is retried slowly, one that is not offered is final; both name jumpbox.sizes', () => {
    expect(of('A07')).toMatchObject({ type: 'Capacity', action: 'slow' });
    expect(of('A07old')).toMatchObject({ type: 'Capacity', action: 'giveUp' });
    for (const name of ['A07', 'A07old'] as const)
      expect(of(name).remedy).toMatch(/"jumpbox": \{"sizes": .*"location"/);
  });

  test('A08 a network interface that is reserved for another machine is awaited', () => {
    expect(of('A08')).toMatchObject({ type: 'Busy', action: 'wait' });
  });

  test('A10 a vault name in use is taken: only a listed deleted vault proves that it is soft-deleted', () => {
    expect(of('A10')).toMatchObject({ type: 'NameTaken', remedy: expect.stringContaining('another "suffix"') });
  });

  test('A15 a role that is not effective yet is awaited for 20 minutes, then Forbidden', () => {
    const { type, action, limit, remedy } = of('A15');
    expect([type, action]).toEqual(['NotYetConsistent', 'slow']);
    expect(limit).toEqual({ attempts: 20, type: 'Forbidden' });
    expect(remedy).toContain('--assignee 11111111-2222-4333-8444-555555555555');
    expect(remedy).toContain('Microsoft.KeyVault/vaults/secrets/setSecret/action');
  });

  test('I01 a reserved word names name and suffix', () => {
    expect(of('I01')).toMatchObject({ type: 'InvalidRequest', remedy: expect.stringContaining('"name" or "suffix"') });
  });
});

test('Every case’s remedy names what to change: a member of the spec, a resource or a command, not the activity log.', () => {
  const names =
    /"(name|suffix|location|instanceType|model|jumpbox)"|az (?!monitor)[a-z]+ .*(k3x9a0q7|rg-moat-churn1|policyAssignments|assignee|healthBots)/;
  const vague = Object.entries(reports)
    .map(([name, report]) => [name, classified(report).remedy] as const)
    .filter(([, remedy]) => !names.test(remedy) || /activity-log/.test(remedy));
  expect(vague).toEqual([]);
});
