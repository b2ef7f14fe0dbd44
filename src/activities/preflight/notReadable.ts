/** A prerequisite or limitation that preflight does not read from ARM before anything is created. */
export interface UnreadRule {
  id: string;
  /** what must hold */
  title: string;
  /** why ARM does not show it before the run */
  why: string;
  /** what Moat does instead */
  instead: string;
}

/** The published prerequisites and limitations without a rule. docs/preflight.md lists them. */
export const notReadable: readonly UnreadRule[] = [
  {
    id: 'PF-03',
    title: 'The workspace has an approved private endpoint',
    why: 'the run creates it',
    instead: 'step `workspace` fails unless its connection is approved; step `verify` proves that the names answer',
  },
  {
    id: 'PF-04',
    title: 'The private endpoint of the workspace was created after 24 May 2022',
    why: 'Moat uses only private endpoints that it creates, also of an existing workspace; it did not exist then',
    instead: 'step `workspace` fails without the record `*.{guid}.inference.{region}`, which older ones lack',
  },
  {
    id: 'PF-09',
    title: 'Registry, storage, vault and Application Insights are in the subscription and tenant of the workspace',
    why: 'the run creates them, or the ids of existing ones in the spec show it',
    instead:
      'they are in the resource group of the environment; a POST with existing ones in another subscription is refused',
  },
  {
    id: 'PF-10',
    title: "Without egress the deployment cannot pull from Microsoft's registry",
    why: 'the image does not exist before step `image`',
    instead:
      "the image is built on the jumpbox and pushed to the environment's registry; the deployment names it there. Rule PF-11 is about models that Microsoft's image serves",
  },
  {
    id: 'PF-12',
    title: 'Without egress the deployment reaches only the workspace, its default storage and its registry',
    why: 'code and model are uploaded by the run',
    instead: 'both go to the default storage of the workspace',
  },
  {
    id: 'PF-16',
    title: 'The connection of the deployment to the registry is approved',
    why: 'Azure creates it with the deployment',
    instead: 'step `endpoint` fails with the commands that approve it',
  },
  {
    id: 'PF-18',
    title: 'The caller of the endpoint is inside the virtual network',
    why: 'where a caller is, is not in ARM',
    instead: 'Moat scores on the jumpbox; step `verify` shows that others are refused',
  },
  {
    id: 'PF-19',
    title: 'The zone of the workspace is linked and has the record of its endpoints',
    why: 'Azure writes it with the private endpoint',
    instead: 'step `workspace` fails unless link and records exist',
  },
  {
    id: 'PF-21',
    title: 'Log Analytics does not receive all tables of an isolated endpoint',
    why: 'it is a limitation of the service, not a state',
    instead: "no diagnostic settings are made; a failed deployment reports the last lines of its container's log",
  },
  {
    id: 'PF-22',
    title: 'Control plane calls go to public ARM',
    why: 'preflight itself calls ARM: without access it cannot begin',
    instead: 'the network security group lets the jumpbox reach `AzureResourceManager`',
  },
  {
    id: 'PF-23',
    title: 'The identity of the endpoint may read storage and pull from the registry',
    why: 'the endpoint does not exist yet',
    instead: 'it has a system-assigned identity, to which Azure assigns both roles',
  },
  {
    id: 'PF-24',
    title: 'A user-assigned identity of the workspace has its roles',
    why: 'the workspace of Moat has none',
    instead: 'it has a system-assigned identity',
  },
  {
    id: 'PF-30',
    title: 'A workspace behind a private link cannot build images with registry tasks',
    why: 'it is a limitation of the service, not a state',
    instead: 'the image is built on the jumpbox',
  },
  {
    id: 'PF-32',
    title: 'A closed workspace with an open endpoint and selected addresses is not supported',
    why: 'no workspace of Moat has selected addresses',
    instead: 'rule PF-31 keeps it so',
  },
  {
    id: 'ENDPOINTS',
    title: '100 endpoints, 500 deployments and 500 compute targets for each subscription and region',
    why: 'Azure lists no usage for them',
    instead: 'step `endpoint` fails with `Quota` and the remedy',
  },
  {
    id: 'ROLE-LIMIT',
    title: 'Role assignments of the subscription and custom roles of the directory are below their limits',
    why: 'no REST reference describes a request for their number (`roleAssignmentsUsageMetrics` is only named)',
    instead: 'the step fails with the code of Azure and the remedy',
  },
  {
    id: 'PIM',
    title: 'Roles that the caller may activate (Privileged Identity Management)',
    why: 'the list of permissions has active roles only',
    instead: 'the finding names the missing permission: activate the role, then POST again',
  },
];

/** A prerequisite or limitation as the article states it, and the rules about it. */
export const article: readonly (readonly [statement: string, rules: readonly string[]])[] = [
  ['Prerequisites: an Azure subscription', ['PF-01', 'PF-02']],
  ['Prerequisites: a resource group in which the caller is Contributor', ['PF-01', 'PF-25', 'SEAL', 'PF-33', 'POLICY']],
  ['Prerequisites: a user-assigned identity that manages endpoints has its permissions', ['PF-23', 'PF-24']],
  ['Prerequisites: a workspace with a private endpoint', ['PF-03', 'PF-26', 'PF-28', 'PF-29']],
  ['Prerequisites: public access of the workspace where deployments have public egress', ['PF-07', 'PF-17']],
  ['Prerequisites: Premium tier of the registry', ['PF-08']],
  ['Limitations: `v1_legacy_mode` must be off', ['PF-05', 'PF-06']],
  ['Limitations: private endpoints created before 24 May 2022 must be recreated', ['PF-04', 'PF-19']],
  ['Limitations: Log Analytics is supported in part', ['PF-21']],
  [
    'Limitations: registry, storage, vault and Application Insights are in the subscription of the workspace',
    ['PF-09'],
  ],
  ["Limitations: Microsoft's registry is unreachable for a deployment without egress", ['PF-10', 'PF-30']],
  ['Limitations: curated environments and MLflow without code do not work then', ['PF-10', 'PF-11', 'NO-CODE']],
  ['Limitations: control plane calls use ARM over the public network', ['PF-22']],
  ['Outbound: the egress flag cannot be changed after creation', ['PF-13']],
  ['Outbound: only workspace, default storage and registry are reachable', ['PF-12', 'PF-16', 'PF-17']],
  ['Outbound: the flag does not apply with a managed virtual network', ['PF-14', 'OUTBOUND-RULES']],
  ['Scenarios: four combinations of the two flags', ['PF-07', 'PF-17', 'INBOUND']],
  ['Troubleshooting: the bypass of the vault', ['PF-15']],
  ['Troubleshooting: the scoring address does not resolve', ['PF-18', 'PF-19', 'PF-20']],
];
