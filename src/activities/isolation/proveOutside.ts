import type { Azure } from '../../azure/connectAzure.ts';
import type { ProbeOptions } from '../../azure/probe.ts';
import type { Spec } from '../../domain/environment.ts';
import { isolationOf, openResources } from '../../domain/isolationSpec.ts';
import type { IsolationSpec } from '../../domain/isolationSpec.ts';
import { isolatedServices, serviceResources, serviceTitles, serviceUrls } from '../../domain/isolatedServices.ts';
import type { IsolatedService } from '../../domain/isolatedServices.ts';
import type { EnvironmentRef } from '../../domain/naming.ts';
import { rowsFrom } from '../../domain/proof.ts';
import type { FoundRow, Observation } from '../../domain/proof.ts';
import { checkNames } from '../../domain/proofChecks.ts';
import { plannedResource } from '../../domain/resources.ts';
import type { ActivityDeps } from '../deps.ts';
import { readEndpoint } from '../resources/readEndpoint.ts';
import { getWorkspace } from '../resources/types/mlWorkspace.ts';
import { evaluateOpened, evaluateOpenEndpoint } from './openVerdict.ts';
import { evaluateDoor, isArmAnswer } from './outsideVerdict.ts';
import type { Door, Evaluated } from './outsideVerdict.ts';
import { disablePublicAccess } from './remedies.ts';
import { credentialNames, scoringCredential } from './scoringCredential.ts';

/** Without a token; ARM refuses it with 401 AuthenticationFailed (REST reference of Azure Resource Manager). */
const controlUrl = 'https://management.azure.com/subscriptions?api-version=2022-12-01';

const ownToken = 'the worker’s token';
/** Services whose first answer may say nothing: what they check first is published for the registry only, whose firewall answers first. */
const doors: Partial<Record<IsolatedService, Door>> = {
  workspace: { challenges: [401, 404], rejections: [401, 404], credential: ownToken },
  blob: { challenges: [400, 401, 403, 404, 409], rejections: [400, 401], credential: ownToken },
  file: { challenges: [400, 401, 403, 404, 409], rejections: [400, 401], credential: ownToken },
  vault: { challenges: [401], rejections: [401], credential: ownToken },
};

/** The same of the scoring endpoint, by its mode of authentication: a token of Microsoft Entra ID may lack the role to score. */
export const scoringDoor = (mode: Spec['authMode']): Door => ({
  challenges: [401, 404],
  rejections: [401, ...(mode === 'aadToken' ? [403] : []), 404, 500],
  credential: credentialNames[mode],
});

const storageHeaders = { 'x-ms-version': '2023-11-03' };
/** Tokens and headers that each service needs (REST references: authorize with Microsoft Entra ID). */
const identities: Partial<Record<IsolatedService, ProbeOptions>> = {
  workspace: { tokenScope: 'https://ml.azure.com/.default' },
  blob: { tokenScope: 'https://storage.azure.com/.default', headers: storageHeaders },
  file: {
    tokenScope: 'https://storage.azure.com/.default',
    headers: { ...storageHeaders, 'x-ms-file-request-intent': 'backup' },
  },
  vault: { tokenScope: 'https://vault.azure.net/.default' },
};

/** One service to probe from outside. */
interface OutsideProbe {
  service: IsolatedService;
  url: string;
  /** Azure Resource Manager answers the worker */
  control: Promise<boolean>;
  /** of the endpoint */
  authMode: Spec['authMode'];
  spec: IsolationSpec;
}

/** Probes a service that must be closed, twice where the first answer says nothing. The control is asked at the same time. */
async function probeClosed(azure: Azure, ref: EnvironmentRef, probe: OutsideProbe): Promise<Evaluated> {
  const { service, url, authMode } = probe;
  const door = service === 'scoring' ? scoringDoor(authMode) : doors[service];
  const [first, control] = await Promise.all([azure.probeOutside(url), probe.control]);
  const { repeat, ...row } = evaluateDoor(door, first, control, false);
  if (!repeat) return row;
  const credentials = service === 'scoring' ? await scoringCredential(azure, ref, authMode) : identities[service];
  if (!credentials)
    return { ...row, observed: `${row.observed}; there was no way to get ${credentialNames[authMode]}` };
  const second = evaluateDoor(door, await azure.probeOutside(url, credentials), control, true);
  return { verdict: second.verdict, observed: second.observed };
}

/** Probes a service that the spec opens: it must refuse what carries no credentials. */
async function probeOpen(azure: Azure, ref: EnvironmentRef, probe: OutsideProbe): Promise<Evaluated> {
  const { service, url, authMode, spec } = probe;
  const [first, controlAnswers] = await Promise.all([azure.probeOutside(url), probe.control]);
  if (service !== 'scoring') return evaluateOpened(first, controlAnswers);
  return evaluateOpenEndpoint(first, {
    withCredential: async () => {
      const credential = await scoringCredential(azure, ref, authMode);
      return credential && azure.probeOutside(url, credential);
    },
    credential: credentialNames[authMode],
    controlAnswers,
    mayBeClosed: !openResources(spec).workspace,
  });
}

/** What a row expects of a service that the spec opens. */
const expectedOpen = (service: IsolatedService, spec: IsolationSpec): string =>
  service === 'scoring'
    ? `open, as the spec requests: refuses requests without credentials, and answers with them${openResources(spec).workspace ? '' : '; or refused, because the workspace is closed'}`
    : 'open, as the spec requests, but not without credentials; or refused';

async function rowOf(azure: Azure, ref: EnvironmentRef, probe: OutsideProbe): Promise<Observation> {
  const { service, spec } = probe;
  const key = serviceResources[service];
  const isOpen = openResources(spec)[key];
  const { verdict, observed } = await (isOpen ? probeOpen : probeClosed)(azure, ref, probe);
  return {
    check: checkNames.fromOutside(serviceTitles[service]),
    expected: isOpen ? expectedOpen(service, spec) : 'refused, or not reachable',
    observed,
    verdict,
    ...(verdict === 'failed' && { remedy: disablePublicAccess(plannedResource(ref, key).id) }),
  };
}

/**
 * Probes the services from outside, at once, with a control of the worker's own network: they must be closed there, or open as the spec requests.
 * `settleMs`: how long to wait where a change may not be in effect yet.
 */
export async function proveOutside(
  deps: ActivityDeps,
  { ref, ...requested }: ProveInput,
): Promise<{ rows: FoundRow[]; settleMs: number }> {
  const { azure } = deps;
  const [{ scoringUri, authMode }, { properties }] = await Promise.all([
    readEndpoint(deps, { ref }),
    getWorkspace({ generic: azure.generic, id: plannedResource(ref, 'workspace').id }),
  ]);
  const control = azure.probeOutside(controlUrl).then(isArmAnswer);
  const urls = serviceUrls(ref, { scoringUri, workspaceGuid: properties.workspaceId ?? '' });
  const spec = isolationOf(requested);
  const found = isolatedServices.map((service) =>
    rowOf(azure, ref, { service, url: urls[service], control, authMode, spec }),
  );
  const rows = rowsFrom('outside', new Date().toISOString(), await Promise.all(found));
  return { rows, settleMs: azure.delayMs(60) };
}

/** What the spec requests; absent members: closed. */
export interface ProveInput extends Partial<IsolationSpec> {
  ref: EnvironmentRef;
}
