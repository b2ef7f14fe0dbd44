import type { OutboundRule, Spec } from './environment.ts';

/** The members of a spec that decide who reaches the endpoint, and what its deployment reaches. */
export type IsolationSpec = Pick<
  Spec,
  | 'isolation'
  | 'workspacePublicNetworkAccess'
  | 'endpointPublicNetworkAccess'
  | 'egressPublicNetworkAccess'
  | 'authMode'
  | 'serving'
  | 'outboundRules'
>;

/** Everything closed, as in the article's example. */
export const isolationDefaults = {
  isolation: 'privateEndpoints',
  workspacePublicNetworkAccess: 'disabled',
  endpointPublicNetworkAccess: 'disabled',
  egressPublicNetworkAccess: 'disabled',
  authMode: 'key',
  serving: 'builtImage',
  outboundRules: [] as OutboundRule[],
} as const satisfies IsolationSpec;

/** These members of a spec, with defaults for one that an earlier version has stored without them. */
export function isolationOf(spec: Partial<IsolationSpec> | null | undefined): IsolationSpec {
  const { isolation, workspacePublicNetworkAccess, endpointPublicNetworkAccess } = { ...isolationDefaults, ...spec };
  const { egressPublicNetworkAccess, authMode, serving, outboundRules } = { ...isolationDefaults, ...spec };
  return {
    isolation,
    workspacePublicNetworkAccess,
    endpointPublicNetworkAccess,
    egressPublicNetworkAccess,
    authMode,
    serving,
    outboundRules,
  };
}

/** The deployment has no private endpoints of its own, and reaches the Internet by itself. A managed virtual network decides for all deployments. */
export const hasPublicEgress = ({
  isolation = 'privateEndpoints',
  egressPublicNetworkAccess,
}: Partial<IsolationSpec>): boolean => isolation === 'privateEndpoints' && egressPublicNetworkAccess === 'enabled';

/** The deployment reaches only its workspace's resources, through private endpoints of its own (DEL-20). */
export const hasOwnEndpoints = ({ isolation = 'privateEndpoints', ...spec }: Partial<IsolationSpec>): boolean =>
  isolation === 'privateEndpoints' && !hasPublicEgress(spec);

/** Resources with a public access of their own. */
export const accessKeys = ['workspace', 'storageAccount', 'vault', 'registry', 'onlineEndpoint'] as const;
export type AccessKey = (typeof accessKeys)[number];

/**
 * The resources that the public network may reach. A deployment with public egress has no private path to storage account and registry
 * (PF-17): it reads its model, and pulls an image that Moat built, over the public network, with its identity.
 */
export function openResources(spec: Partial<IsolationSpec>): Record<AccessKey, boolean> {
  const publicEgress = hasPublicEgress(spec);
  return {
    workspace: spec.workspacePublicNetworkAccess === 'enabled',
    storageAccount: publicEgress,
    vault: false,
    registry: publicEgress && spec.serving !== 'noCode',
    onlineEndpoint: spec.endpointPublicNetworkAccess === 'enabled',
  };
}

/** The values of `publicNetworkAccess` and of a firewall's default action in ARM. */
export const armAccess = (isOpen: boolean) =>
  isOpen
    ? ({ publicNetworkAccess: 'Enabled', defaultAction: 'Allow' } as const)
    : ({ publicNetworkAccess: 'Disabled', defaultAction: 'Deny' } as const);
