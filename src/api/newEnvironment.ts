import Type from 'typebox';
import type { Static, TOptional, TProperties, TSchema } from 'typebox';
import type * as domain from '../domain/environment.ts';
import { instanceTypeNames } from '../domain/instanceTypes.ts';
import { isolationDefaults } from '../domain/isolationSpec.ts';
import { defaultJumpbox } from '../domain/jumpbox.ts';
import { defaultProbe } from '../domain/probe.ts';
import { durationPattern } from '../domain/lease.ts';
import { environmentNamePattern, suffixPattern } from '../domain/naming.ts';
import { suggestedRegions } from '../domain/regions.ts';
import { strictObject, oneOf, ref } from './schemaHelpers.ts';
import { Jumpbox, Probe, Spec, UserModel } from './schemas.ts';

/** Defaults of a spec. Those of `ttl`, `owner` and `suffix` follow from the settings, the caller and the name. */
export const specDefaults = {
  model: 'custom',
  instanceType: 'Standard_DS2_v2',
  instanceCount: 1,
  probe: defaultProbe,
  requestTimeoutSeconds: 60,
  maxConcurrentRequests: 1,
  jumpbox: defaultJumpbox,
  ...isolationDefaults,
  tryLocally: false,
  adopt: false,
  onFailure: 'keep',
  onDrift: 'report',
} satisfies Partial<domain.Spec>;

const withDefault = <T extends TSchema>(schema: T, value: unknown): T => ({ ...schema, default: value });

/** The schema of an object whose members are all optional, with the defaults of those that have one. */
const withDefaults = <P extends TProperties>(
  { properties }: { properties: P },
  values: Partial<Record<keyof P, unknown>>,
) =>
  strictObject(
    Object.fromEntries(
      Object.entries(properties).map(([name, member]) => [
        name,
        Type.Optional(values[name] === undefined ? member : withDefault(member, values[name])),
      ]),
    ) as { [Member in keyof P]: TOptional<P[Member]> },
  );

/** A member of the spec, optional, with its default. */
const withDefaultOf = <Key extends keyof typeof specDefaults & keyof typeof Spec.properties>(key: Key) =>
  Type.Optional(withDefault(Spec.properties[key], specDefaults[key]));

export const ownerPattern = '^[A-Za-z0-9][A-Za-z0-9@._+-]{0,127}$';

/** The body of POST /environments. A deployment has at most 50 instances (Azure docs: managed online endpoint limits). */
export const NewEnvironment = Object.assign(
  strictObject(
    {
      name: Type.String({
        pattern: environmentNamePattern,
        description:
          '3 to 24 of a-z, 0-9 and single dashes, beginning with a letter and not ending with a dash; not `summary`',
      }),
      location: Type.String({
        pattern: '^[a-z][a-z0-9]{2,39}$',
        description: "an Azure region's short name, like westus2",
        examples: [...suggestedRegions],
      }),
      suffix: Type.Optional(
        Type.String({
          pattern: suffixPattern,
          description: '3 to 10 of a-z and 0-9; default: a hash of subscription and name',
        }),
      ),
      owner: Type.Optional(
        Type.String({
          pattern: ownerPattern,
          description:
            'a name or an e-mail address: letters, digits and @ . _ + -, at most 128; default: the owner of the API key',
        }),
      ),
      ttl: Type.Optional(
        Type.String({
          pattern: durationPattern,
          description:
            'a duration like 90m, 8h or 3d; how long the environment lives unless its lease is renewed; default: a setting of the installation',
        }),
      ),
      model: Type.Optional(
        Type.Union([oneOf(['custom', 'mlflow']), ref(UserModel)], {
          description:
            "custom, mlflow, or an object that describes the user's own model; custom and mlflow are samples",
          default: specDefaults.model,
        }),
      ),
      instanceType: Type.Optional(
        Type.String({
          maxLength: 60,
          description: 'a virtual machine size that managed online endpoints allow',
          examples: [...instanceTypeNames],
          default: specDefaults.instanceType,
        }),
      ),
      instanceCount: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 50,
          description: 'virtual machines that serve the model',
          default: specDefaults.instanceCount,
        }),
      ),
      probe: Type.Optional(withDefaults(Probe, specDefaults.probe)),
      requestTimeoutSeconds: Type.Optional(
        withDefault(Spec.properties.requestTimeoutSeconds, specDefaults.requestTimeoutSeconds),
      ),
      maxConcurrentRequests: Type.Optional(
        withDefault(Spec.properties.maxConcurrentRequests, specDefaults.maxConcurrentRequests),
      ),
      jumpbox: Type.Optional(withDefaults(Jumpbox, specDefaults.jumpbox)),
      serving: withDefaultOf('serving'),
      tryLocally: withDefaultOf('tryLocally'),
      isolation: withDefaultOf('isolation'),
      workspacePublicNetworkAccess: withDefaultOf('workspacePublicNetworkAccess'),
      endpointPublicNetworkAccess: withDefaultOf('endpointPublicNetworkAccess'),
      egressPublicNetworkAccess: withDefaultOf('egressPublicNetworkAccess'),
      authMode: withDefaultOf('authMode'),
      outboundRules: withDefaultOf('outboundRules'),
      existing: Spec.properties.existing,
      adopt: withDefaultOf('adopt'),
      resourceGroup: Spec.properties.resourceGroup,
      takeOver: Spec.properties.takeOver,
      adoptionDigest: Spec.properties.adoptionDigest,
      onFailure: Type.Optional(
        oneOf(['keep', 'teardown'], {
          description: 'teardown: deletes what a failed run has created',
          default: specDefaults.onFailure,
        }),
      ),
      onDrift: Type.Optional(
        oneOf(['report', 'repair'], {
          description: 'repair: a verify run closes again what was opened, and records who opened it',
          default: specDefaults.onDrift,
        }),
      ),
    },
    {
      description: 'The requested configuration; only name and location are required.',
      examples: [{ name: 'churn1', location: 'westus2', owner: 'ana@example.com', ttl: '8h' }],
    },
  ),
  { $id: 'NewEnvironment' },
);
export type NewEnvironment = Static<typeof NewEnvironment>;
