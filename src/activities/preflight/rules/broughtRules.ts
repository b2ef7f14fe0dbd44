import { retryByPost } from '../../../domain/remedies.ts';
import { plannedResource } from '../../../domain/resources.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation, Rule } from '../rule.ts';
import { at, existingOf, sameText, textAt } from './broughtFact.ts';

const update = (id: string, change: string): string =>
  `az resource update --ids ${id} --set ${change}; then ${retryByPost}`;

/** Existing resources are there, ready, and in the region of the spec; private DNS zones have none. */
const usable = defineRule({
  id: 'EXISTING',
  title: 'The existing resources that the spec names exist, are ready, and are in its region',
  reads: ['brought'],
  severities: ['blocks'],
  source: 'Azure docs: configure a private endpoint for a workspace (limitations); private endpoint properties',
  check: ({ brought, environment: { ref } }) =>
    brought.flatMap((one): Observation[] => {
      const { label, id, body } = one;
      if (!body)
        return [observation('blocks', `existing ${label} does not exist: ${id}`, 'POST with another "existing"')];
      const state = at(one, 'properties.provisioningState');
      const location = textAt(one, 'location', ref.location).replaceAll(' ', '').toLowerCase();
      return [
        ...(typeof state === 'string' && !sameText(state, 'Succeeded')
          ? [observation('blocks', `existing ${label} is ${state}, must be Succeeded`, `az resource show --ids ${id}`)]
          : []),
        ...(location !== 'global' && location !== ref.location
          ? [
              observation(
                'blocks',
                `existing ${label} is in ${location}, not in ${ref.location}`,
                'POST with another "location" or "existing"',
              ),
            ]
          : []),
      ];
    }),
});

/** A property that an existing resource must have: Moat does not write it. */
interface Required {
  id: string;
  title: string;
  source: string;
  keys: readonly string[];
  path: string;
  expected: string;
  holds(value: unknown): boolean;
  /** absent: it cannot be changed, or has further consequences */
  change?: string;
}

const required = ({ id, title, source, keys, path, expected, holds, change }: Required): Rule =>
  defineRule({
    id,
    title,
    reads: ['brought'],
    severities: ['blocks'],
    source,
    check: ({ brought }) =>
      existingOf(brought, ...keys)
        .filter((one) => !holds(at(one, path)))
        .map((one) =>
          observation(
            'blocks',
            `existing ${one.label} has ${path} ${JSON.stringify(at(one, path)) ?? 'not set'}, must be ${expected}`,
            change === undefined ? 'POST with another "existing"' : update(one.id, change),
          ),
        ),
  });

const isDisabled = (value: unknown): boolean => sameText(value, 'Disabled');
const hasNone = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;
const isTrusting = (value: unknown): boolean => typeof value === 'string' && /\bAzureServices\b/i.test(value);
const bypass = 'properties.networkAcls.bypass';

const properties: readonly Required[] = [
  {
    id: 'PF-05',
    title: 'An existing workspace is not in legacy mode',
    source: 'the article: limitations; Azure docs: network isolation change with our new API platform',
    keys: ['workspace'],
    path: 'properties.v1LegacyMode',
    expected: 'false (Azure needs 30 to 60 minutes or more to change it)',
    holds: (value) => value !== true,
    change: 'properties.v1LegacyMode=false',
  },
  {
    id: 'PF-14',
    title: 'An existing workspace has no managed virtual network, with which the egress flag does not apply',
    source: 'Azure docs: concept of secure online endpoints; managed virtual network',
    keys: ['workspace'],
    path: 'properties.managedNetwork.isolationMode',
    expected: 'Disabled',
    holds: (value) => value === undefined || value === null || isDisabled(value),
  },
  {
    id: 'PF-31',
    title: 'An existing workspace is not opened for selected addresses',
    source: 'Azure docs: configure a private endpoint for a workspace (selected addresses)',
    keys: ['workspace'],
    path: 'properties.ipAllowlist',
    expected: 'empty',
    holds: hasNone,
    change: 'properties.ipAllowlist=[]',
  },
  {
    id: 'PF-08',
    title: 'An existing registry has the Premium tier',
    source: 'the article: prerequisites',
    keys: ['registry'],
    path: 'sku.name',
    expected: 'Premium',
    holds: (value) => sameText(value, 'Premium'),
    change: 'sku.name=Premium',
  },
  {
    id: 'PF-15',
    title: 'An existing vault or storage account lets trusted Azure services pass',
    source: 'the article: troubleshooting; Azure docs: secure workspace resources (storage account)',
    keys: ['vault', 'storageAccount'],
    path: bypass,
    expected: 'AzureServices',
    holds: isTrusting,
    change: `${bypass}=AzureServices`,
  },
  {
    id: 'CLOSED',
    title: 'Existing registry, vault and storage account have no public access',
    source: 'the article: create workspace and secured resources',
    keys: ['registry', 'vault', 'storageAccount'],
    path: 'properties.publicNetworkAccess',
    expected: 'Disabled',
    holds: isDisabled,
    change: 'properties.publicNetworkAccess=Disabled',
  },
  {
    id: 'STORAGE-KIND',
    title: 'An existing storage account can be a workspace’s: not one with a hierarchical namespace',
    source: 'Azure docs: workspace resources (default storage account)',
    keys: ['storageAccount'],
    path: 'properties.isHnsEnabled',
    expected: 'false',
    holds: (value) => value !== true,
  },
  {
    id: 'INSIGHTS',
    title: 'An existing Application Insights is based on a Log Analytics workspace: Azure has retired the classic kind',
    source: 'Azure docs: convert a classic Application Insights resource',
    keys: ['applicationInsights'],
    path: 'properties.WorkspaceResourceId',
    expected: 'the id of a Log Analytics workspace',
    holds: (value) => typeof value === 'string' && value !== '',
  },
];

/** Members of a workspace that name what belongs to it, by the member of `existing`. */
const belongings = { registry: 'containerRegistry', storageAccount: 'storageAccount', vault: 'keyVault' } as const;

const ofWorkspace = defineRule({
  id: 'WORKSPACE-USES',
  title: 'The registry, storage account and vault that the spec names are those of the existing workspace',
  reads: ['brought'],
  severities: ['blocks'],
  source: 'the article: limitations (resources of the workspace)',
  check: ({ brought, environment: { ref } }) =>
    existingOf(brought, 'workspace').flatMap((workspace) =>
      Object.entries(belongings).flatMap(([key, member]): Observation[] => {
        const actual = at(workspace, `properties.${member}`);
        const { id } = plannedResource(ref, key as keyof typeof belongings);
        if (sameText(actual, id)) return [];
        const used = typeof actual === 'string' && actual !== '' ? actual : 'none';
        const remedy =
          used === 'none' ? 'POST with another "existing.workspace"' : `POST with "existing.${key}": ${used}`;
        return [observation('blocks', `existing ${workspace.label} uses ${used} as ${key}, not ${id}`, remedy)];
      }),
    ),
});

const workspaceAccess = defineRule({
  id: 'WORKSPACE-ACCESS',
  title: 'The public access of an existing workspace is what the spec says',
  reads: ['brought'],
  severities: ['blocks'],
  source: 'the article: prerequisites (public access of the workspace)',
  check: ({ brought, environment: { spec } }) =>
    existingOf(brought, 'workspace').flatMap((workspace): Observation[] => {
      const actual = textAt(workspace, 'properties.publicNetworkAccess', 'not set, which means Enabled');
      const isOpen = !isDisabled(actual);
      if (isOpen === (spec.workspacePublicNetworkAccess === 'enabled')) return [];
      const message = `existing ${workspace.label} has public access ${actual}, the spec has "workspacePublicNetworkAccess": "${spec.workspacePublicNetworkAccess}"`;
      const remedy = `POST with "workspacePublicNetworkAccess": "${isOpen ? 'enabled' : 'disabled'}"; or az ml workspace update --public-network-access`;
      return [observation('blocks', message, remedy)];
    }),
});

/** Moat reaches the data of a registry and a storage account from the jumpbox only, which is deleted first. */
const remains = defineRule({
  id: 'REMAINS',
  title: 'What a teardown does not remove from existing resources: images, and uploaded files of a model',
  reads: ['brought'],
  severities: ['warns'],
  source: 'docs/bring-your-own.md',
  check: ({ brought, environment: { ref } }) => [
    ...existingOf(brought, 'registry').map(({ label, id }) =>
      observation(
        'warns',
        `the scoring image remains in the existing ${label} after a teardown`,
        `az acr repository list --name ${id.split('/').at(-1)} inside the network lists the repositories; az acr repository delete deletes one`,
      ),
    ),
    ...existingOf(brought, 'workspace').map(({ label }) =>
      observation(
        'warns',
        `code and model remain in the default container of the existing ${label} after a teardown`,
        `az storage blob delete-batch --auth-mode login --account-name ${plannedResource(ref, 'storageAccount').name} inside the network deletes them`,
      ),
    ),
  ],
});

/** What Moat requires of existing resources that it does not write. */
export const broughtRules: readonly Rule[] = [
  usable,
  ...properties.map(required),
  ofWorkspace,
  workspaceAccess,
  remains,
];
