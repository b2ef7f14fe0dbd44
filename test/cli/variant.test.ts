import { expect, it } from 'vitest';
import type { Environment } from '../../src/client/index.ts';
import { noColors } from '../../src/cli/output/colors.ts';
import { outcomeLines } from '../../src/cli/progress/outcome.ts';
import { environment, startFakeMoat } from './support/fakeMoat.ts';
import { runMoat } from './support/runMoat.ts';

const spec = {
  name: 'churn1',
  location: 'westus2',
  suffix: 'k3x9a0q7',
  owner: 'ana',
  ttl: '8h',
  model: 'custom',
  instanceType: 'Standard_DS2_v2',
  instanceCount: 1,
  probe: { initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 60 },
  requestTimeoutSeconds: 60,
  maxConcurrentRequests: 1,
  jumpbox: { sizes: ['Standard_D2s_v5', 'Standard_D2as_v5', 'Standard_D2s_v4', 'Standard_D2s_v3'], diskGb: 64 },
  serving: 'builtImage',
  tryLocally: false,
  isolation: 'privateEndpoints',
  workspacePublicNetworkAccess: 'disabled',
  endpointPublicNetworkAccess: 'disabled',
  egressPublicNetworkAccess: 'disabled',
  authMode: 'key',
  outboundRules: [],
  adopt: false,
  onFailure: 'keep',
  onDrift: 'report',
};
const registry =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/cr1';

async function shown(change: object): Promise<string | undefined> {
  const { url } = await startFakeMoat({
    'GET /environments/churn1': [{ body: environment('churn1', { spec: { ...spec, ...change } }) }],
    'GET /about': [{ body: { steps: [] } }],
  });
  const { stdout } = await runMoat(['show', 'churn1'], { env: { MOAT_URL: url } });
  return /^Spec: +(.*)$/m.exec(stdout)?.[1];
}

it('moat show has what of the spec differs from the defaults, as the options of moat up', async () => {
  expect(await shown({})).toBeUndefined();
  expect(await shown({ tryLocally: true, jumpbox: { ...spec.jumpbox, diskGb: 128 } })).toBe(
    '--jumpbox-disk-gb 128 --try-locally',
  );
  expect(await shown({ endpointPublicNetworkAccess: 'enabled', authMode: 'aadToken', existing: { registry } })).toBe(
    `--endpoint-public-network-access enabled --auth-mode aadToken --existing-registry ${registry}`,
  );
  const model = { format: 'mlflow', repository: 'https://example.com/m', ref: 'a'.repeat(40), path: 'my model' };
  const rules = [{ name: 'pypi', type: 'fqdn', destination: 'pypi.org' }];
  expect(await shown({ model, isolation: 'managedNetwork', outboundRules: rules })).toBe(
    `--model-format mlflow --model-repository https://example.com/m --model-ref ${'a'.repeat(40)} --model-path 'my model' --isolation managedNetwork (outboundRules: 1)`,
  );
});

it('moat plan has the options that matter, and both methods with cost and time', async () => {
  const figures = { minSeconds: 900, maxSeconds: 2640 };
  const plan = {
    ok: true,
    findings: [],
    steps: [],
    resources: [],
    cost: { currency: 'USD', perHour: 0.4, unpriced: 0, priceList: { date: '2026-11-27' } },
    duration: { ...figures, source: 'table', runs: 0 },
    methods: [
      { isolation: 'privateEndpoints', perHour: 0.4, ...figures },
      { isolation: 'managedNetwork', perHour: 0.845, minSeconds: 2100, maxSeconds: 5040 },
    ],
  };
  const { url } = await startFakeMoat({ 'POST /plans': [{ body: plan }] });
  const { stdout } = await runMoat(['plan', 'churn1', '--location', 'westus2', '--try-locally'], {
    env: { MOAT_URL: url },
  });
  expect(stdout).toContain('Spec: --try-locally\n');
  expect(stdout).toMatch(/^privateEndpoints +0\.4000 +15 m to 44 m$/m);
  expect(stdout).toMatch(/^managedNetwork +0\.8450 +35 m to 1 h 24 m$/m);
});

it('moat up ends with the answers of the local try and of the endpoint', () => {
  const receipt = { proof: { rows: [] }, localTry: { excerpt: '[7]' }, score: { body: [7] } };
  const ready = { name: 'churn1', state: 'ready', failure: null, receipt } as unknown as Environment;
  expect(outcomeLines(ready, noColors)).toEqual([
    'Local try on the jumpbox: [7]',
    'Isolation: 0 of 0 checks passed.',
    'Score from inside the network: [7]',
  ]);
});
