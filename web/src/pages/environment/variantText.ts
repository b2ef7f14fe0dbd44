import type { Environment } from '../../../../src/client/index.ts';

type Spec = NonNullable<Environment['spec']>;

const tokens: Record<Spec['authMode'], string> = {
  key: 'key',
  amlToken: 'Azure Machine Learning token',
  aadToken: 'Microsoft Entra ID token',
};

/** Names of the existing resources that are used, like `registry, storage account`. */
function usedResources({ existing = {} }: Spec): string {
  return Object.entries(existing)
    .filter(([, value]) => value !== false)
    .map(([member]) => member.replaceAll(/([A-Z])/g, ' $1').toLowerCase())
    .join(', ');
}

/** How an environment is isolated and authenticated, and what of it is unusual, in one line. */
export function variantText(spec: Spec): string {
  const opened = Object.entries({
    endpoint: spec.endpointPublicNetworkAccess,
    egress: spec.egressPublicNetworkAccess,
    workspace: spec.workspacePublicNetworkAccess,
  }).flatMap(([what, access]) => (access === 'enabled' ? [what] : []));
  const used = usedResources(spec);
  return [
    spec.isolation === 'managedNetwork' ? 'managed network' : 'private endpoints',
    opened.length === 0 ? 'no public access' : `public access: ${opened.join(', ')}`,
    `authentication by ${tokens[spec.authMode] ?? 'key'}`,
    ...(spec.serving === 'noCode' ? ['MLflow without code'] : []),
    ...(spec.tryLocally ? ['tried locally'] : []),
    ...(used === '' ? [] : [`existing: ${used}`]),
    ...(spec.adopt ? ['adopted'] : []),
  ].join(' · ');
}
