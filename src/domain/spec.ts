import type { ExistingResources } from './existingResources.ts';
import type { Json } from './json.ts';

export type { ExistingResources } from './existingResources.ts';

/** How far two numbers may differ: by the larger of both. Integers are compared exactly, up to `absolute`. */
export interface Tolerance {
  /** share of the expected number's magnitude */
  relative?: number;
  absolute?: number;
}

/** A user's model: a directory of a git repository at a pinned commit, with a sample request and the expected answer. */
export interface UserModel {
  format: 'custom' | 'mlflow';
  repository: string;
  /** commit, 40 hexadecimal digits */
  ref: string;
  /** directory inside the repository */
  path: string;
  /** this or `requestFile` */
  request?: Json;
  /** a file in the repository, sent as it is; of any size */
  requestFile?: string;
  /** media type of `requestFile`; default `application/json` */
  requestContentType?: string;
  /** this or `expectedFile` */
  expected?: Json;
  /** a file in the repository with the expected answer; of any size. One that is not JSON is compared byte by byte */
  expectedFile?: string;
  /** default: `defaultTolerance` of `domain/scoreCheck.ts` */
  tolerance?: Tolerance;
}

/**
 * When a container counts as started and as healthy. It has `initialDelaySeconds` + `periodSeconds` × `failureThreshold` to start (Azure
 * docs: managed online deployment YAML schema, ProbeSettings).
 */
export interface Probe {
  initialDelaySeconds: number;
  periodSeconds: number;
  failureThreshold: number;
}

/** The virtual machine that builds the image and proves isolation. */
export interface Jumpbox {
  /** in order: the first one that Azure has capacity and quota for is used */
  sizes: string[];
  /** of its disk, in GB of 2^30 bytes */
  diskGb: number;
  /** ARM id of an existing role that lists the endpoint's keys; absent: Moat defines one in the environment's group, and deletes it */
  keyReaderRoleDefinitionId?: string;
}

/** An address that deployments in a managed virtual network may reach, beside those that the workspace needs. */
export type OutboundRule =
  | { name: string; type: 'fqdn'; destination: string }
  | { name: string; type: 'serviceTag'; serviceTag: string; protocol: 'TCP' | 'UDP'; portRanges: string }
  | { name: string; type: 'privateEndpoint'; resourceId: string; subresource: string };

/** The requested configuration, with defaults filled in. */
export interface Spec {
  name: string;
  location: string;
  /** 3-10 of a-z0-9 (PF-40) */
  suffix: string;
  owner: string;
  /** a duration like `8h` */
  ttl: string;
  /** one of the article's two samples, or the user's model */
  model: 'custom' | 'mlflow' | UserModel;
  instanceType: string;
  instanceCount: number;
  probe: Probe;
  /** of one scoring request, 180 at most */
  requestTimeoutSeconds: number;
  /** of one instance */
  maxConcurrentRequests: number;
  jumpbox: Jumpbox;
  /** `noCode`: an MLflow model is served by Azure's own image, without a scoring image */
  serving: 'builtImage' | 'noCode';
  /** the image is scored on the jumpbox before a deployment is created */
  tryLocally: boolean;
  /** how the deployment is isolated: by private endpoints of its own (the article's method), or by the workspace's managed virtual network */
  isolation: 'privateEndpoints' | 'managedNetwork';
  workspacePublicNetworkAccess: 'enabled' | 'disabled';
  endpointPublicNetworkAccess: 'enabled' | 'disabled';
  /** of the deployment */
  egressPublicNetworkAccess: 'enabled' | 'disabled';
  /** of scoring requests: the endpoint's key, a token of Azure Machine Learning, or a token of Microsoft Entra ID */
  authMode: 'key' | 'amlToken' | 'aadToken';
  /** of the managed virtual network */
  outboundRules: OutboundRule[];
  /** what is used instead of being created, and never deleted */
  existing?: ExistingResources;
  /** true: an environment that somebody else created is taken over */
  adopt: boolean;
  /** of an adopted environment; absent: `rg-moat-{name}` */
  resourceGroup?: string;
  /** of an adopted environment: ARM ids of resources that Moat would not create, and that teardown deletes */
  takeOver?: string[];
  /** of an adopted environment: the digest of the plan that showed its differences. Nothing is changed where it is another one by now */
  adoptionDigest?: string;
  onFailure: 'keep' | 'teardown';
  /** what a `verify` run does about what is open: reports it, or writes the planned state again and proves once more */
  onDrift: 'report' | 'repair';
}
