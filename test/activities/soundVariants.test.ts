import { expect, test } from 'vitest';
import { samples } from '../../src/jumpbox/sampleSources.ts';
import type { Spec } from '../../src/domain/environment.ts';
import { defaultProbe } from '../../src/domain/probe.ts';
import { defaultJumpbox } from '../../src/domain/jumpbox.ts';
import type { EnvironmentRef } from '../../src/domain/naming.ts';
import { roleDefinitionIn } from '../../src/domain/roleDefinitions.ts';
import { startEmulatorHarness } from './emulatorHarness.ts';
import { proveNow } from './mutationHarness.ts';
import { createEnvironment } from './soundEnvironment.ts';
import type { Requested } from './soundEnvironment.ts';

interface Variant {
  model: Spec['model'];
  ref: Partial<EnvironmentRef>;
  requested: Requested;
  /** the spec names an existing role for the jumpbox */
  role?: true;
  /** policies that change what Moat writes, all of them to something stricter */
  policies?: { type: string; field: string; value: unknown }[];
}

const { format, repository, ref: commit, path } = samples.mlflow;
const ownModel = { format, repository, ref: commit, path, request: { data: [[1]] }, expected: [1] };

/** AzureML Data Scientist (Azure docs: built-in roles). */
const keyReader = 'f6c7c914-8db3-469d-8ca1-694a8f32e121';

const publicEgress = { egressPublicNetworkAccess: 'enabled', workspacePublicNetworkAccess: 'enabled' } as const;

/** Together they have every choice of a spec that resources depend on. The defaults are proved in mutations.test.ts. */
const variants: Record<string, Variant> = {
  'an MLflow model, an open workspace, the shortest names': {
    model: 'mlflow',
    ref: { name: 'abc', suffix: 'a1b', location: 'westeurope' },
    requested: { workspacePublicNetworkAccess: 'enabled', instanceType: 'Standard_F4s_v2' },
  },
  'an own model, an existing role, several instances, another jumpbox, the longest names': {
    model: ownModel,
    ref: { name: 'an-environment-of-24-char', suffix: 'a1b2c3d4e5', location: 'swedencentral' },
    requested: {
      instanceCount: 3,
      probe: { ...defaultProbe, initialDelaySeconds: 60 },
      requestTimeoutSeconds: 120,
      jumpbox: { ...defaultJumpbox, sizes: ['Standard_D2s_v3'], diskGb: 128 },
    },
    role: true,
  },
  'an endpoint that is open, with its workspace': {
    model: 'custom',
    ref: {},
    requested: { endpointPublicNetworkAccess: 'enabled', workspacePublicNetworkAccess: 'enabled' },
  },
  'an endpoint that is open in a closed workspace, with tokens of the endpoint': {
    model: 'custom',
    ref: {},
    requested: { endpointPublicNetworkAccess: 'enabled', authMode: 'amlToken' },
  },
  'public egress and tokens of Microsoft Entra ID': {
    model: 'custom',
    ref: {},
    requested: { ...publicEgress, authMode: 'aadToken' },
  },
  'an MLflow model without code, everything open': {
    model: 'mlflow',
    ref: {},
    requested: { ...publicEgress, serving: 'noCode', endpointPublicNetworkAccess: 'enabled', authMode: 'aadToken' },
  },
  'a managed network with rules of its own, in an open workspace': {
    model: 'custom',
    ref: {},
    requested: {
      isolation: 'managedNetwork',
      workspacePublicNetworkAccess: 'enabled',
      outboundRules: [{ name: 'pypi', type: 'fqdn', destination: '*.pypi.org' }],
    },
  },
  'a managed network that lets out everything, an MLflow model without code': {
    model: 'mlflow',
    ref: {},
    requested: { isolation: 'managedNetwork', egressPublicNetworkAccess: 'enabled', serving: 'noCode' },
  },
  'policies that are stricter than the spec': {
    model: 'custom',
    ref: { location: 'eastus2' },
    requested: { workspacePublicNetworkAccess: 'enabled' },
    policies: [
      { type: 'Microsoft.Storage/storageAccounts', field: 'properties.minimumTlsVersion', value: 'TLS1_3' },
      { type: 'Microsoft.KeyVault/vaults', field: 'properties.softDeleteRetentionInDays', value: 90 },
      { type: 'Microsoft.OperationalInsights/workspaces', field: 'properties.retentionInDays', value: 365 },
      {
        type: 'Microsoft.MachineLearningServices/workspaces',
        field: 'properties.publicNetworkAccess',
        value: 'Disabled',
      },
    ],
  },
};

// they are built side by side
test.concurrent.each(Object.entries(variants))(
  'No row is a false alarm: %s.',
  { timeout: 240_000 },
  async (_what, variant) => {
    const { model, requested, policies = [] } = variant;
    const harness = await startEmulatorHarness({ ref: variant.ref });
    try {
      const roleId = roleDefinitionIn(harness.ref.subscriptionId, keyReader);
      const rules = policies.map((rule, index) => ({ ...rule, name: `P${index}`, effect: 'modify' }));
      await harness.control('PUT', 'policies', { rules });
      await createEnvironment(harness, model, variant.role && roleId, requested);
      const { rows } = await proveNow(harness, requested);
      expect(rows.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
      // a managed network has four rows, in place of those about the deployments' flag and connections
      expect(rows).toHaveLength(requested.isolation === 'managedNetwork' ? 49 : 47);
    } finally {
      await harness.close();
    }
  },
);
