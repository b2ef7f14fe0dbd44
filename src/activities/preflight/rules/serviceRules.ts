import type { Spec } from '../../../domain/environment.ts';
import { hasPublicEgress } from '../../../domain/isolationSpec.ts';
import { hasManagedNetwork, isolationModeOf, strictnessOf } from '../../../domain/managedNetwork.ts';
import { retryByPost } from '../../../domain/remedies.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation, Rule } from '../rule.ts';
import { ofType, valueAt } from './resourceFact.ts';
import type { ResourceFact } from './resourceFact.ts';

const workspace = 'Microsoft.MachineLearningServices/workspaces';
const deployment = `${workspace}/onlineEndpoints/deployments`;
const registry = 'Microsoft.ContainerRegistry/registries';
const vault = 'Microsoft.KeyVault/vaults';

const is = (value: unknown, expected: string): boolean =>
  typeof value === 'string' && value.toLowerCase() === expected.toLowerCase();

/** One property of a type of resource, as the article requires it, in what will be sent and in what exists. */
interface Property {
  type: string;
  path: string;
  /** whether the value meets the prerequisite */
  holds(value: unknown, spec: Spec): boolean;
  expected: string | ((spec: Spec) => string);
  /** what an existing resource without it means: `warns` where the run repairs it */
  existing: 'blocks' | 'warns';
  remedy(resource: ResourceFact): string;
}

function propertyFindings(resources: readonly ResourceFact[], property: Property, spec: Spec): Observation[] {
  const expected = typeof property.expected === 'string' ? property.expected : property.expected(spec);
  return ofType(resources, property.type)
    .filter(({ body }) => !property.holds(valueAt(body, property.path), spec))
    .map((resource) => {
      const { label, body, apiVersion } = resource;
      const value = JSON.stringify(valueAt(body, property.path)) ?? 'not set';
      const [severity, does] =
        apiVersion === '' ? [property.existing, 'has'] : ['blocks' as const, 'would be sent with'];
      const message = `${label} ${does} ${property.path} ${value}, must be ${expected}`;
      return observation(severity, message, property.remedy(resource));
    });
}

const propertyRule = (id: string, title: string, source: string, property: Property): Rule =>
  defineRule({
    id,
    title,
    reads: ['planned', 'existing'],
    severities: property.existing === 'warns' ? ['blocks', 'warns'] : ['blocks'],
    source,
    check: ({ planned, existing, environment }) =>
      propertyFindings([...planned, ...existing], property, environment.spec),
  });

const repaired = 'nothing: the run sets it again; see the activity log for who changed it';

/** The egress flag that a deployment of the spec is sent with. */
const egressOf = (spec: Spec): string => (hasPublicEgress(spec) ? 'Enabled' : 'Disabled');

/** `Disabled` with the article's method. */
const networkModeOf = (spec: Spec): string => (hasManagedNetwork(spec) ? isolationModeOf(spec) : 'Disabled');

/** Since this version a workspace with a private endpoint is no longer in legacy mode by default. */
const firstVersionWithoutLegacyMode = '2022-05-01';

const workspaceVersion = defineRule({
  id: 'PF-06',
  title: `The workspace is sent with an api-version since ${firstVersionWithoutLegacyMode}`,
  reads: ['planned'],
  severities: ['blocks'],
  source: 'Azure docs: network isolation change with our new API platform',
  check: ({ planned }) =>
    ofType(planned, workspace)
      .filter(({ apiVersion }) => apiVersion < firstVersionWithoutLegacyMode)
      .map(({ label, apiVersion }) =>
        observation(
          'blocks',
          `${label} would be sent with api-version ${apiVersion}, whose default is the legacy mode`,
          `install a release of Moat that sends ${firstVersionWithoutLegacyMode} or later`,
        ),
      ),
});

/** Prerequisites and limitations of workspace, registry, vault and deployment. */
export const serviceRules: readonly Rule[] = [
  propertyRule(
    'PF-05',
    'The workspace is not in legacy mode',
    'the article: limitations; Azure docs: network isolation change with our new API platform',
    {
      type: workspace,
      path: 'properties.v1LegacyMode',
      holds: (value) => value !== true,
      expected: 'false',
      existing: 'warns',
      remedy: () => 'the run sets it to false; Azure needs 30 to 60 minutes or more before an endpoint can be created',
    },
  ),
  workspaceVersion,
  propertyRule('PF-08', 'The registry has the Premium tier', 'the article: prerequisites', {
    type: registry,
    path: 'sku.name',
    holds: (value) => is(value, 'Premium'),
    expected: 'Premium',
    existing: 'warns',
    remedy: () => repaired,
  }),
  propertyRule(
    'PF-13',
    'The egress of the deployment is what the spec requests: Azure fixes it when the deployment is created',
    'the article: outbound (resource access); Azure docs: concept of secure online endpoints',
    {
      type: deployment,
      path: 'properties.egressPublicNetworkAccess',
      holds: (value, spec) => spec.isolation === 'managedNetwork' || is(value, egressOf(spec)),
      expected: egressOf,
      existing: 'blocks',
      remedy: ({ id }) =>
        `az resource delete --ids ${id} (after its traffic is 0), then ${retryByPost}; or DELETE the environment`,
    },
  ),
  propertyRule(
    'PF-14',
    'The workspace has the managed virtual network that the spec requests, or none: it never lets out more again',
    'Azure docs: concept of secure online endpoints; managed virtual network',
    {
      type: workspace,
      path: 'properties.managedNetwork.isolationMode',
      holds: (value, spec) => strictnessOf(value) <= strictnessOf(networkModeOf(spec)),
      expected: (spec) => `${networkModeOf(spec)}, or less strict`,
      existing: 'blocks',
      remedy: () => 'it cannot be changed back: DELETE the environment, then POST it',
    },
  ),
  propertyRule(
    'PF-31',
    'The workspace is not opened for selected addresses, with which deployments fail outside a managed virtual network',
    'Azure docs: configure a private endpoint for a workspace (selected addresses)',
    {
      type: workspace,
      path: 'properties.ipAllowlist',
      holds: (value) => !Array.isArray(value) || value.length === 0,
      expected: 'empty',
      existing: 'warns',
      remedy: ({ id }) => `az resource update --ids ${id} --set properties.ipAllowlist=[]`,
    },
  ),
  propertyRule(
    'PF-15',
    'The vault lets trusted Azure services pass, which authentication with keys needs',
    'the article: troubleshooting',
    {
      type: vault,
      path: 'properties.networkAcls.bypass',
      holds: (value) => is(value, 'AzureServices'),
      expected: 'AzureServices',
      existing: 'warns',
      remedy: () => repaired,
    },
  ),
];
