import Type from 'typebox';
import type * as domain from '../domain/environment.ts';
import { named, oneOf, ref, strictObject } from './schemaHelpers.ts';

/** As Azure shows it: the id of a resource in a resource group, or of one below it. */
const armId = (description: string) =>
  Type.String({
    pattern:
      '^/[Ss]ubscriptions/[0-9a-fA-F-]{36}/[Rr]esource[Gg]roups/[A-Za-z0-9_().-]{1,90}/[Pp]roviders/[A-Za-z.]+(/[A-Za-z]+/[A-Za-z0-9_().-]+)+$',
    maxLength: 400,
    description: `ARM id of ${description}`,
  });

const ruleName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{2,32}$',
  description: '3 to 33 letters, digits, - and _',
});

/** Azure docs: outbound rules of a managed virtual network. */
export const OutboundRule = named<domain.OutboundRule>()(
  'OutboundRule',
  Type.Union(
    [
      strictObject({
        name: ruleName,
        type: oneOf(['fqdn']),
        destination: Type.String({
          pattern: '^(\\*\\.)?[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$',
          maxLength: 253,
          description:
            'a host name, like pypi.org or *.example.com: ports 80 and 443; the first rule creates an Azure Firewall',
        }),
      }),
      strictObject({
        name: ruleName,
        type: oneOf(['serviceTag']),
        serviceTag: Type.String({
          pattern: '^[A-Za-z0-9]+(\\.[A-Za-z0-9]+)?$',
          maxLength: 80,
          description: 'like Storage.westus2',
        }),
        protocol: oneOf(['TCP', 'UDP']),
        portRanges: Type.String({
          pattern: '^[0-9]{1,5}(-[0-9]{1,5})?(,[0-9]{1,5}(-[0-9]{1,5})?)*$',
          maxLength: 100,
          description: 'like 443 or 80,8080-8089',
        }),
      }),
      strictObject({
        name: ruleName,
        type: oneOf(['privateEndpoint']),
        resourceId: armId('a resource that offers private links'),
        subresource: Type.String({ pattern: '^[A-Za-z0-9]{2,40}$', description: 'its group id, like blob' }),
      }),
    ],
    {
      description:
        'An address that deployments in a managed virtual network may reach, beside those that the workspace needs.',
    },
  ),
);

export const ExistingResources = named<domain.ExistingResources>()(
  'ExistingResources',
  strictObject(
    {
      workspace: Type.Optional(armId('an Azure Machine Learning workspace')),
      registry: Type.Optional(armId('a container registry (Premium)')),
      storageAccount: Type.Optional(armId("the workspace's storage account")),
      vault: Type.Optional(armId("the workspace's key vault")),
      applicationInsights: Type.Optional(armId("the workspace's Application Insights")),
      subnet: Type.Optional(armId('a subnet, for the jumpbox and all private endpoints')),
      identity: Type.Optional(armId('a user-assigned identity, for the jumpbox')),
      privateDnsZones: Type.Optional(
        Type.Array(armId('a private DNS zone'), {
          maxItems: 6,
          uniqueItems: true,
          description: 'private DNS zones to use; Moat creates the others',
        }),
      ),
      zoneGroupsByPolicy: Type.Optional(
        Type.Boolean({
          description: 'true: a policy writes the records of private endpoints, and Moat waits for them',
        }),
      ),
    },
    { description: 'Resources that exist already, by ARM id: they are used, and never deleted.' },
  ),
);

/** The members of a spec that say how the environment is isolated, and what of it exists already. */
export const isolationMembers = {
  serving: oneOf(['builtImage', 'noCode'], {
    description: "noCode: Azure's own image serves an MLflow model, and no scoring image is built",
  }),
  tryLocally: Type.Boolean({ description: 'true: the image is scored on the jumpbox before a deployment is created' }),
  isolation: oneOf(['privateEndpoints', 'managedNetwork'], {
    description:
      "privateEndpoints: each deployment has private endpoints of its own; managedNetwork: the workspace's managed virtual network isolates all deployments",
  }),
  workspacePublicNetworkAccess: oneOf(['enabled', 'disabled'], {
    description: 'enabled: opens the workspace, not the endpoint, to the Internet',
  }),
  endpointPublicNetworkAccess: oneOf(['enabled', 'disabled'], {
    description: 'enabled: scoring requests may come from the Internet',
  }),
  egressPublicNetworkAccess: oneOf(['enabled', 'disabled'], {
    description:
      "enabled: the deployment may reach the Internet; with isolation privateEndpoints it needs the workspace's public access",
  }),
  authMode: oneOf(['key', 'amlToken', 'aadToken'], {
    description:
      "of scoring requests: the endpoint's key, a token of Azure Machine Learning, or a token of Microsoft Entra ID",
  }),
  outboundRules: Type.Array(ref(OutboundRule), {
    maxItems: 50,
    description: 'of the managed virtual network: what deployments may reach beside what the workspace needs',
  }),
  existing: Type.Optional(ref(ExistingResources)),
  adopt: Type.Boolean({ description: 'true: takes over an environment that was created without Moat' }),
  resourceGroup: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$',
      description: 'of an adopted environment; default: rg-moat-{name}',
    }),
  ),
  takeOver: Type.Optional(
    Type.Array(Type.String({ maxLength: 500 }), {
      maxItems: 50,
      description:
        'of an adopted environment: ARM ids of resources in its group that Moat would not create, and that teardown deletes. Others stay, and block the teardown',
    }),
  ),
  adoptionDigest: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f]{32}$',
      description:
        'of an adopted environment: `adoption.digest` of the plan of the same body. Nothing is changed where the resources differ from that plan',
    }),
  ),
};
