import type { Spec } from './environment.ts';
import { hasOwnEndpoints, hasPublicEgress } from './isolationSpec.ts';
import type { IsolationSpec } from './isolationSpec.ts';
import { formatOf } from './samples.ts';

/** The members of a spec that the rules are about. */
export type VariantSpec = Omit<IsolationSpec, 'outboundRules'> &
  Pick<Spec, 'model'> &
  Partial<Pick<Spec, 'outboundRules' | 'tryLocally'>>;

/** Which values of a spec exclude each other, or have a consequence that a reader may not expect. */
export interface VariantRule {
  id: string;
  /** what must hold */
  title: string;
  severity: 'blocks' | 'warns';
  source: string;
  /** whether the spec contradicts the rule, or has the consequence */
  applies(spec: VariantSpec): boolean;
  message: string;
  remedy: string;
}

const concept = 'Azure docs: concept of secure online endpoints';

/** The article's rules about combinations of members. Those that block are applied before anything is created. */
export const variantRules: readonly VariantRule[] = [
  {
    id: 'PF-07',
    title: 'Public egress of the deployment needs public access of the workspace',
    severity: 'blocks',
    source: `the article: prerequisites; ${concept}`,
    applies: (spec) => hasPublicEgress(spec) && spec.workspacePublicNetworkAccess === 'disabled',
    message:
      '"egressPublicNetworkAccess": "enabled" needs a workspace with public access: the deployment calls the API of the workspace over the public network',
    remedy:
      'DELETE the environment if it exists, then POST with "workspacePublicNetworkAccess": "enabled", or without "egressPublicNetworkAccess"',
  },
  {
    id: 'PF-11',
    title: 'MLflow without code only where the deployment reaches the image of Microsoft (also PF-10)',
    severity: 'blocks',
    source:
      'the article: limitations; Azure docs: troubleshoot online endpoints (MLflow model format with private network)',
    applies: (spec) => spec.serving === 'noCode' && hasOwnEndpoints(spec),
    message:
      '"serving": "noCode" needs the image of Microsoft for MLflow models, which a deployment without public egress cannot pull',
    remedy:
      'POST without "serving": Moat builds an image of the model; or with "isolation": "managedNetwork"; or with "egressPublicNetworkAccess" and "workspacePublicNetworkAccess" "enabled"',
  },
  {
    id: 'NO-CODE',
    title: 'Only an MLflow model is served without code',
    severity: 'blocks',
    source: 'Azure docs: deploy MLflow models to online endpoints',
    applies: ({ serving, model }) => serving === 'noCode' && formatOf(model) !== 'mlflow',
    message:
      '"serving": "noCode" needs a model of the MLflow format: a custom model is served by its own scoring script',
    remedy: 'POST without "serving", or with an MLflow model',
  },
  {
    id: 'LOCAL-TRY',
    title: 'A local try needs an image that Moat builds',
    severity: 'blocks',
    source: 'Moat',
    applies: ({ serving, tryLocally }) => serving === 'noCode' && tryLocally === true,
    message: '"tryLocally" needs an image that the jumpbox can start: with "serving": "noCode" none is built',
    remedy: 'POST without "tryLocally", or without "serving"',
  },
  {
    id: 'OUTBOUND-RULES',
    title: 'Outbound rules are those of a managed virtual network',
    severity: 'blocks',
    source: 'Azure docs: managed virtual network',
    applies: ({ isolation, outboundRules = [] }) => isolation === 'privateEndpoints' && outboundRules.length > 0,
    message: '"outboundRules" needs "isolation": "managedNetwork": other deployments have no such rules',
    remedy: 'POST without "outboundRules", or with "isolation": "managedNetwork"',
  },
  {
    id: 'PF-17',
    title: 'With public egress, what the deployment downloads is open to the public network',
    severity: 'warns',
    source: `${concept}; Azure docs: troubleshoot online endpoints (registry with public egress)`,
    applies: (spec) => hasPublicEgress(spec) && spec.workspacePublicNetworkAccess === 'enabled',
    message:
      'the deployment has no private path: the storage account, and the registry unless "serving" is "noCode", accept authenticated requests from the Internet',
    remedy: 'nothing, if that is wanted; otherwise POST without "egressPublicNetworkAccess"',
  },
  {
    id: 'INBOUND',
    title: 'An endpoint with public access in a workspace without it may stay closed from outside',
    severity: 'warns',
    source: 'Azure docs: secure an inferencing environment (visibility of the endpoint)',
    applies: ({ workspacePublicNetworkAccess, endpointPublicNetworkAccess }) =>
      endpointPublicNetworkAccess === 'enabled' && workspacePublicNetworkAccess === 'disabled',
    message:
      'the workspace has no public access, and one document of Azure says that its endpoints are then reachable from inside only',
    remedy: 'nothing, if that is enough; otherwise POST with "workspacePublicNetworkAccess": "enabled"',
  },
];

/** The rules that a spec contradicts: nothing is created. */
export const contradictions = (spec: VariantSpec): VariantRule[] =>
  variantRules.filter(({ severity, applies }) => severity === 'blocks' && applies(spec));
