import { expect, it } from 'vitest';
import { startFakeMoat } from './support/fakeMoat.ts';
import { runMoat } from './support/runMoat.ts';

const plan = {
  ok: true,
  findings: [],
  steps: [],
  resources: [
    {
      step: 'workspace',
      type: 'Microsoft.ContainerRegistry/registries',
      title: 'container registry',
      name: 'crmevnet',
      id: '/registry',
      action: 'change',
      differences: [
        { member: 'adminUserEnabled', actual: true, desired: false },
        { member: 'securityRules.Internet', actual: 'Internet', desired: null },
      ],
      cost: { perHour: 0.0694, sku: 'Premium', meter: 'Premium', reason: null },
    },
  ],
  cost: {
    currency: 'USD',
    perHour: 0.07,
    unpriced: 0,
    priceList: { date: '2026-01-01', region: 'westus2', source: '' },
  },
  duration: { minSeconds: 600, maxSeconds: 1200, source: 'table', runs: 0 },
  methods: [],
  adoption: {
    digest: '0123456789abcdef0123456789abcdef',
    others: [{ id: '/machine', type: 'vm', teardown: 'stays', command: 'az resource delete --ids /machine' }],
    moreOthers: 0,
  },
};

it('moat plan shows what an adoption changes and what stays, and the digest with which moat up adopts', async () => {
  const { url, requests } = await startFakeMoat({ 'POST /plans': [{ body: plan }] });
  const args = ['plan', 'scoring1', '--location', 'westus2', '--adopt', '--resource-group', 'rg', '--suffix', 'mevnet'];
  const { code, stdout } = await runMoat(args, { env: { MOAT_URL: url } });
  expect(code).toBe(0);
  expect(requests[0]!.body).toEqual({
    name: 'scoring1',
    location: 'westus2',
    adopt: true,
    resourceGroup: 'rg',
    suffix: 'mevnet',
  });
  expect(stdout).toMatch(/container registry crmevnet +adminUserEnabled +true +false/);
  expect(stdout).toMatch(/securityRules\.Internet +Internet +removed/);
  expect(stdout).toMatch(/stays +\/machine/);
  expect(stdout).toContain('--adoption-digest 0123456789abcdef0123456789abcdef');
});
