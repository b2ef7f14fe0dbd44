import Type from 'typebox';
import { clientActions, environmentStates } from '../domain/environment.ts';
import type * as domain from '../domain/environment.ts';
import { failureTypes } from '../domain/failures.ts';
import type { Failure as DomainFailure } from '../domain/failures.ts';
import type * as cost from '../domain/hourlyCost.ts';
import type { ListedEnvironment as DomainListedEnvironment } from '../domain/listedEnvironment.ts';
import type { ValidationError as DomainValidationError } from '../domain/problem.ts';
import { roleDefinitionIdPattern } from '../domain/roleDefinitions.ts';
import { Finding } from './findingSchema.ts';
import { isolationMembers } from './isolationSchemas.ts';
import { Lease } from './leaseSchemas.ts';
import { UserModel } from './modelSchemas.ts';
import { Run, runMembers } from './runSchema.ts';
import { LocalTry, SampleScore, Score } from './scoreSchemas.ts';
import { ListedStep, StepProgress } from './stepSchemas.ts';
import { Blocker, TeardownReceipt } from './teardownSchemas.ts';
import { ListedProof, Proof, Repair } from './proofSchemas.ts';
import { strictObject, named, nullable, oneOf, ref, time, text } from './schemaHelpers.ts';

export { Finding } from './findingSchema.ts';
export { ExistingResources, OutboundRule } from './isolationSchemas.ts';
export { Run } from './runSchema.ts';
export { Lease, LeaseChange } from './leaseSchemas.ts';
export { Json, Tolerance, UserModel } from './modelSchemas.ts';
export { LocalTry, SampleScore, Score } from './scoreSchemas.ts';
export { ListedStep, ResourceProgress, StepProgress, StepUsual } from './stepSchemas.ts';
export { ListedProof, Proof, ProofChange, ProofRow, Repair } from './proofSchemas.ts';
export { Blocker, TeardownReceipt } from './teardownSchemas.ts';

const seconds = (maximum: number, description: string) => Type.Integer({ minimum: 1, maximum, description });

/** Azure names no maxima; the sum is limited in spec.ts. */
export const Probe = named<domain.Probe>()(
  'Probe',
  strictObject(
    {
      initialDelaySeconds: seconds(3600, 'before the first probe'),
      periodSeconds: seconds(3600, 'between probes'),
      failureThreshold: Type.Integer({
        minimum: 1,
        maximum: 3600,
        description: 'failed probes in a row before the container counts as broken',
      }),
    },
    {
      description:
        'Liveness and readiness probes. A container has initialDelaySeconds + periodSeconds × failureThreshold to start, an hour at most.',
    },
  ),
);

/** 30 GB is the size of the Ubuntu image, 4095 the largest disk of an operating system (Azure docs: managed disks). */
export const Jumpbox = named<domain.Jumpbox>()(
  'Jumpbox',
  strictObject(
    {
      sizes: Type.Array(
        Type.String({
          pattern: '^Standard_[A-Za-z0-9_-]{2,40}$',
          description: "a virtual machine size's name, like Standard_D2s_v5",
        }),
        {
          minItems: 1,
          maxItems: 8,
          uniqueItems: true,
          description: 'virtual machine sizes, tried in this order until Azure has quota and capacity for one',
        },
      ),
      diskGb: Type.Integer({ minimum: 32, maximum: 4095, description: 'size of the disk in GB' }),
      keyReaderRoleDefinitionId: Type.Optional(
        Type.String({
          pattern: roleDefinitionIdPattern,
          description:
            "ARM id of an existing role with the action that scoring needs (onlineEndpoints/listKeys; with tokens /token or /score), assignable in the environment's group: Moat assigns it and never deletes it; default: Moat defines a role, which needs roleDefinitions/write",
        }),
      ),
    },
    { description: 'The virtual machine that builds the image and proves isolation.' },
  ),
);

export const Spec = named<domain.Spec>()(
  'Spec',
  strictObject(
    {
      name: Type.String(),
      location: Type.String(),
      suffix: Type.String(),
      owner: Type.String(),
      ttl: Type.String(),
      model: Type.Union([oneOf(['custom', 'mlflow']), ref(UserModel)]),
      instanceType: Type.String(),
      instanceCount: Type.Integer(),
      probe: ref(Probe),
      // 180 is Azure's limit (Azure docs: managed online endpoint limits)
      requestTimeoutSeconds: seconds(180, 'the longest time that the deployment may take to answer one request'),
      maxConcurrentRequests: Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: 'requests that one instance answers at the same time',
      }),
      jumpbox: ref(Jumpbox),
      ...isolationMembers,
      onFailure: oneOf(['keep', 'teardown']),
      onDrift: oneOf(['report', 'repair']),
    },
    { description: 'The requested configuration with defaults filled in.' },
  ),
);

export const HourlyCost = named<cost.HourlyCost>()(
  'HourlyCost',
  strictObject(
    {
      amount: Type.Number({ description: 'sum of the known prices: usage comes on top' }),
      currency: text('ISO 4217'),
      priceListDate: text('when the price list was compiled'),
    },
    { description: 'What an environment costs by the hour while all its resources exist.' },
  ),
);

export const Failure = named<DomainFailure>()(
  'Failure',
  strictObject({
    type: oneOf(failureTypes, { description: 'stable: programs may match on it' }),
    code: text("Azure's error code where there is one, else the type"),
    message: Type.String(),
    remedy: text('suggested remedy; empty when waiting is enough'),
    correlationId: nullable(text("Azure's correlation ID, for a support request")),
    step: nullable(text('the step that failed')),
    log: nullable(
      text(
        "the last lines of the container's log, without secrets, where a deployment did not become healthy, or a local try failed",
      ),
    ),
  }),
);

export const ImageReceipt = named<domain.ImageReceipt>()(
  'ImageReceipt',
  strictObject(
    {
      image: nullable(
        text('the scoring image by digest, in the private registry; null: the image of Azure serves the model'),
      ),
      commit: text('commit of the sources'),
      baseImages: Type.Array(
        strictObject({
          name: text('as in the Dockerfile'),
          digest: text('what it was when the scoring image was built'),
          movedTo: nullable(text('what the name stands for now, where that is another image')),
        }),
      ),
    },
    { description: 'The scoring image, and what it was built from.' },
  ),
);

export const PolicyChange = named<domain.PolicyChange>()(
  'PolicyChange',
  strictObject(
    {
      resource: text('ARM id'),
      property: text('path of its members, joined by dots'),
      requested: Type.Unsafe<domain.Json>({ description: 'what Moat sent' }),
      actual: Type.Unsafe<domain.Json>({ description: 'what the resource has' }),
    },
    { description: 'A property that a policy made stricter than requested.' },
  ),
);

export const ProvisionReceipt = named<domain.ProvisionReceipt>()(
  'ProvisionReceipt',
  strictObject({
    findings: Type.Array(ref(Finding), { description: 'of the preflight, those that did not block' }),
    image: ref(ImageReceipt),
    localTry: Type.Optional(ref(LocalTry)),
    policyChanges: Type.Array(ref(PolicyChange)),
    proof: ref(Proof),
    score: ref(SampleScore),
  }),
);

export const RunEvidence = named<domain.RunEvidence>()(
  'RunEvidence',
  strictObject(
    {
      findings: Type.Optional(
        Type.Array(ref(Finding), { description: 'of the preflight of a provision run, also those that block' }),
      ),
      proof: Type.Optional(ref(Proof)),
      repairs: Type.Optional(
        Type.Array(ref(Repair), { description: 'of a verify run: what it has closed before its last proof' }),
      ),
    },
    { description: 'What a verify run leaves, and what a provision run that failed had found until then.' },
  ),
);

export const Receipt = named<domain.Receipt>()(
  'Receipt',
  Type.Union([ref(ProvisionReceipt), ref(TeardownReceipt), ref(Score), ref(RunEvidence)], {
    description: 'The evidence that a run leaves.',
  }),
);

export const RunRecord = named<domain.RunRecord>()(
  'RunRecord',
  strictObject({
    ...runMembers,
    outcome: oneOf(['running', 'succeeded', 'failed', 'cancelled']),
    failure: nullable(ref(Failure)),
    receipt: nullable(ref(Receipt)),
  }),
);

const environment = {
  name: Type.String(),
  state: oneOf(environmentStates),
  target: oneOf(['emulator', 'azure'], { description: 'target cloud' }),
  spec: nullable(ref(Spec)),
  owner: Type.String(),
  createdAt: time('when it was requested'),
  lease: ref(Lease),
  run: nullable(ref(Run)),
  failure: nullable(ref(Failure)),
  outputs: strictObject({ scoringUri: Type.Optional(Type.String()), workspaceId: Type.Optional(Type.String()) }),
  proof: nullable(ref(Proof)),
  receipt: nullable(ref(Receipt)),
  costPerHour: nullable(ref(HourlyCost)),
  actions: Type.Array(oneOf(clientActions), {
    description:
      'requests that have an effect now: `teardown` is DELETE, `renew` and `protect` are PATCH. Another one is refused, or its result is reached already',
  }),
  links: strictObject({
    temporal: nullable(Type.String()),
    portal: nullable(Type.String()),
    events: text('path of its progress as server-sent events'),
  }),
};

export const Environment = named<domain.Environment>()(
  'Environment',
  strictObject(
    { ...environment, steps: Type.Array(ref(StepProgress)) },
    { description: 'Everything that serves one isolated endpoint.' },
  ),
);

const { receipt: _receipt, ...listed } = environment;

export const ListedEnvironment = named<DomainListedEnvironment>()(
  'ListedEnvironment',
  strictObject(
    {
      ...listed,
      proof: nullable(ref(ListedProof)),
      blockers: Type.Array(ref(Blocker), { description: 'what prevents its teardown from finishing' }),
      steps: Type.Array(ref(ListedStep)),
    },
    {
      description:
        'An environment in a list: everything but its receipt, the resources of its steps and the rows of its proof that did not fail.',
    },
  ),
);

export const ValidationError = named<DomainValidationError>()(
  'ValidationError',
  strictObject({ path: text('JSON pointer into the body or the parameters'), message: Type.String() }),
);
