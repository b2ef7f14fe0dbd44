import type { Environment, ProvisionReceipt, RunRecord, Score } from '../domain/environment.ts';
import { endpointName, groupName, resourceId } from '../domain/naming.ts';
import { plannedResources, resourceName } from '../domain/resources.ts';
import type { ValidationError } from '../domain/problem.ts';
import { pendingStep } from '../domain/progress.ts';
import { sampleOf } from '../domain/samples.ts';
import { stepIds } from '../domain/steps.ts';
import type { ApiProblemCode } from './problemKinds.ts';
import { specDefaults } from './newEnvironment.ts';

export const requestId = '0192f3a4-5b6c-4d7e-8f90-a1b2c3d4e5f6';

export const subscriptionId = '11111111-2222-4333-8444-555555555555';
const environmentRef = { subscriptionId, name: 'churn1', location: 'westus2', suffix: 'k3x9a0q7' };
const startedAt = '2026-11-23T18:00:00.000Z';
const finishedAt = '2026-11-23T18:41:30.000Z';
const requestedBy = 'ana@example.com';

const sample = sampleOf('custom');

export const score: Score = { status: 200, body: sample.expected ?? null, latencyMs: 41 };

const scoringUri = `https://${endpointName(environmentRef)}.westus2.inference.ml.azure.com/score`;

export const receipt: ProvisionReceipt = {
  findings: [
    {
      rule: 'PF-43',
      severity: 'assumed',
      message: `assumed: online endpoint name ${endpointName(environmentRef)} is available in westus2; Azure has no API to check`,
      remedy: 'if it is taken, DELETE the environment, then POST it with another "suffix"',
      source: 'Azure/azureml-examples pull request 1930 (the name is unique within a region)',
    },
  ],
  image: {
    image: 'crk3x9a0q7.azurecr.io/moat/custom@sha256:9f2b4d6c8e0a1b3c5d7e9f0a2b4c6d8e0f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c',
    commit: '5fa318d36dfba6383ef2d5b03c3600193b289e73',
    baseImages: [
      {
        name: 'docker.io/library/python:3.12.11-slim-bookworm',
        digest: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
        movedTo: null,
      },
    ],
  },
  policyChanges: [],
  proof: {
    at: finishedAt,
    complete: true,
    rows: [
      {
        check: 'scoring endpoint from inside',
        from: 'inside',
        expected: 'private addresses that answer',
        observed: '192.168.0.9; HTTP 401',
        at: finishedAt,
        verdict: 'passed',
      },
      {
        check: 'scoring endpoint from outside',
        from: 'outside',
        expected: 'refused, or not reachable',
        observed: 'refused with 403 at 20.1.2.3',
        at: finishedAt,
        verdict: 'passed',
      },
    ],
    changes: [],
  },
  score: {
    ...score,
    excerpt: JSON.stringify(sample.expected),
    bytes: JSON.stringify(sample.expected).length,
    sha256: '9b5b9d1cbb3f8f1e6e7f3a1a1c8f0d2b4e6a8c0e2f4a6b8c0d2e4f6a8b0c2d4e',
  },
};

export const provisioning: Environment = {
  name: 'churn1',
  state: 'provisioning',
  target: 'emulator',
  spec: {
    ...specDefaults,
    name: 'churn1',
    location: 'westus2',
    suffix: 'k3x9a0q7',
    owner: 'ana@example.com',
    ttl: '8h',
  },
  owner: 'ana@example.com',
  createdAt: startedAt,
  lease: { expiresAt: '2026-11-24T02:00:00.000Z', protected: false, reason: null, markedAt: null },
  run: { id: 'provision-1', kind: 'provision', startedAt, finishedAt: null, requestedBy },
  failure: null,
  outputs: {},
  proof: null,
  receipt: null,
  steps: stepIds.map((id) =>
    id === 'preflight'
      ? { ...pendingStep(id), state: 'succeeded', since: startedAt, finishedAt: '2026-11-23T18:00:04.000Z', attempt: 1 }
      : id === 'resourceGroup'
        ? {
            ...pendingStep(id),
            state: 'running',
            reason: 'WaitingOnAzure',
            message: `resource group ${groupName(environmentRef)}: Updating`,
            since: '2026-11-23T18:00:04.000Z',
            attempt: 1,
          }
        : pendingStep(id),
  ),
  costPerHour: { amount: 0.4417, currency: 'USD', priceListDate: '2026-11-27' },
  actions: ['cancel', 'teardown', 'renew', 'protect'],
  links: {
    temporal: 'http://localhost:8233/namespaces/default/workflows/environment-churn1',
    portal: null,
    events: '/environments/churn1/events',
  },
};

export const ready: Environment = {
  ...provisioning,
  state: 'ready',
  actions: ['teardown', 'renew', 'protect', 'score', 'verify'],
  run: { id: 'provision-1', kind: 'provision', startedAt, finishedAt, requestedBy },
  outputs: {
    scoringUri,
    workspaceId: resourceId(environmentRef, {
      type: 'Microsoft.MachineLearningServices/workspaces',
      name: resourceName(environmentRef, 'workspace'),
    }),
  },
  proof: receipt.proof,
  receipt,
  steps: stepIds.map((id) => ({
    ...pendingStep(id),
    state: 'succeeded',
    since: startedAt,
    finishedAt,
    attempt: 1,
    resources: plannedResources(environmentRef)
      .filter((resource) => resource.step === id)
      .slice(0, 1)
      .map((resource) => ({ id: resource.id, state: 'Succeeded', since: startedAt })),
  })),
};

export const verifying: Environment = {
  ...ready,
  actions: ['cancel', 'teardown', 'renew', 'protect', 'score'],
  run: { id: 'verify-1', kind: 'verify', startedAt: '2026-11-23T20:00:00.000Z', finishedAt: null, requestedBy: null },
};

export const deleting: Environment = {
  ...ready,
  state: 'deleting',
  actions: [],
  run: { id: 'teardown-1', kind: 'teardown', startedAt: '2026-11-24T02:00:00.000Z', finishedAt: null, requestedBy },
  receipt: null,
};

export const run: RunRecord = {
  id: 'provision-1',
  kind: 'provision',
  startedAt,
  finishedAt,
  requestedBy,
  outcome: 'succeeded',
  failure: null,
  receipt,
};

export const scoreRequest = sample.request;

export const problemErrors: Partial<Record<ApiProblemCode, ValidationError[]>> = {
  InvalidBody: [
    { path: '/location', message: 'is required' },
    { path: '/ttl', message: 'must be at most 7d' },
  ],
  InvalidParameters: [{ path: '/limit', message: 'must be <= 200' }],
  ForbiddenByPolicy: [{ path: '/location', message: 'must be one of westus2, westeurope' }],
};

export const problemDetails: Readonly<Record<ApiProblemCode, string>> = {
  InvalidBody: 'Validation failed; no run was started.',
  InvalidParameters: 'Validation failed.',
  BadRequest: 'The request is not valid HTTP.',
  Unauthorized: 'Send `Authorization: Bearer <API key or access token>`.',
  Forbidden:
    'The owner of the environment is bob; ana has the role owner, which may change its own environments only. Ask its owner or an operator, or use another name.',
  ForeignRequest: 'Pages of another origin may not send this request.',
  ForbiddenByPolicy:
    'The policy of this installation does not allow it for ana@example.com. Change the request, or ask an operator to change the policy.',
  NotFound: 'There is no environment churn1.',
  NoProof: 'churn1 is provisioning; no run has proved its isolation yet.',
  RequestTimeout: 'The request did not arrive completely within 30 seconds.',
  SpecConflict: 'churn1 exists with another spec.',
  SuffixInUse: 'The suffix k3x9a0q7 is used by the environment churn2.',
  TooManyEnvironments:
    'ana@example.com has 5 environments, and the policy allows 5. DELETE one, or ask an operator to change the policy.',
  BeingDeleted: 'churn1 is being deleted.',
  NothingRuns: 'No run in progress on churn1.',
  NotReady: 'churn1 is provisioning.',
  NoDeployment: 'churn1 has no deployment, and so no log.',
  Cancelled: 'The score was cancelled before the endpoint answered.',
  NotStopped: 'The sweep is completed.',
  PayloadTooLarge: 'The body is larger than this operation accepts.',
  UnsupportedMediaType: 'Send application/json.',
  IdempotencyKeyReused: 'The key was used with another request.',
  Protected: 'churn1 is protected.',
  TooManyRequests:
    'ana@example.com has sent more than 3000 requests within a minute. Repeat the request in 21 seconds. Follow changes by an event stream instead of polling.',
  HeadersTooLarge: 'The request line and headers exceed 16 KiB.',
  AnswerTooLarge:
    'AnswerTooLarge: the answer (status 200) has 30211 bytes, and 18040 after gzip and base64; at most 3072 after both fit.',
  ScoreFailed: 'The endpoint did not answer.',
  AdoptionRefused:
    'Nothing was changed. PF-33: lock keep (CanNotDelete) on /subscriptions/…/resourceGroups/rg-scoring. az lock delete --ids /subscriptions/…',
  MoveRefused: 'The move of churn1 to churn2 can no longer be cancelled: it is handingOver.',
  PlanFailed: 'Forbidden: the caller may not read the resource group.',
  LogFailed: 'Forbidden: no permission to read the log.',
  Unavailable: 'No worker is running.',
  Internal: 'Internal error; see the log for this request ID.',
};
