import { expect, it } from 'vitest';
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
