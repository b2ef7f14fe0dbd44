import type { Json, Probe, Spec } from '../domain/environment.ts';
import { defaultProbe, startSeconds } from '../domain/probe.ts';
import { maxScoreRequestBytes } from '../domain/limits.ts';
import type { Sample } from '../domain/samples.ts';
import { defaultTolerance } from '../domain/scoreCheck.ts';
import { JumpboxFailure } from './jumpboxFailure.ts';
import { scriptOf } from './scripts.ts';
import type { CommandName } from './scripts.ts';

/** The location of a model's sources: `environment/Dockerfile`, `onlinescoring/score.py` and `model/` below `path`. */
export interface ModelSource {
  /** for `mlflow`, Moat provides the image, from the model's own requirements, and the scoring script */
  format: 'custom' | 'mlflow';
  /** one of the samples: Moat builds its image, of packages that `sample-locks.sh` pins in full */
  lock?: 'custom' | 'mlflow' | undefined;
  repository: string;
  /** commit, 40 hexadecimal digits */
  ref: string;
  path: string;
}

/** What every request to the endpoint needs. */
interface ScoringInputs {
  /** of the jumpbox's managed identity */
  clientId: string;
  /** ARM id of the online endpoint */
  endpointId: string;
  scoringUri: string;
  /** default: key */
  authMode?: Spec['authMode'];
}

export interface CommandInputs {
  setUp: object;
  buildImage: {
    /** client id of the jumpbox's managed identity */
    clientId: string;
    /** login server of the private registry */
    registry: string;
    storageAccount: string;
    /** the workspace's default blob container */
    container: string;
    model: ModelSource;
    /** paths in the repository of the sample's files, which are uploaded too */
    sampleFiles?: { request?: string; expected?: string };
    /** of the deployment: the container has as long to start on the jumpbox; absent: the default */
    probe?: Probe | undefined;
    /** scored by the container on the jumpbox, before the image is pushed; absent: the container is only started */
    trySample?: Sample;
    /** default: an image is built */
    serving?: Spec['serving'] | undefined;
    /** whether the repository may have a private address */
    allowPrivateRepositories: boolean;
  };
  /** what to probe; `name` comes back in the result */
  verify: { targets: readonly { name: string; method: string; url: string }[] };
  score: ScoringInputs & {
    /** at most 16 KiB as JSON */
    request: Json;
  };
  scoreSample: ScoringInputs & {
    storageAccount: string;
    container: string;
    sample: Sample;
    /** names of the blobs with the sample's files */
    blobs: { request?: string; expected?: string };
  };
}

/** A managed run command's inputs, ready for its PUT. */
export interface JumpboxCommand {
  script: string;
  /** passed to the script as environment variables, except empty ones; none is a secret */
  parameters: { name: string; value: string }[];
  timeoutSeconds: number;
}

const timeouts: Record<CommandName, number> = {
  setUp: 1800,
  // an hour of it for a container to start
  buildImage: 9000,
  verify: 300,
  score: 1800,
  scoreSample: 3600,
};

/** Seconds after which Azure stops a command's script. */
export const commandTimeoutSeconds = (name: CommandName): number => timeouts[name];

function encode(value: Json, what: string): string {
  const json = Buffer.from(JSON.stringify(value));
  if (json.length <= maxScoreRequestBytes) return json.toString('base64');
  const message = `the ${what} has ${json.length} bytes of JSON`;
  throw new JumpboxFailure('InvalidRequest', message, `send at most ${maxScoreRequestBytes} bytes`);
}

/** One half of a sample: its JSON in base64, or the name of its blob. The other parameter stays empty. */
const given = (value: Json | undefined, blob: string | undefined, what: string): [text: string, blob: string] =>
  value === undefined ? ['', blob ?? ''] : [encode(value, what), ''];

const endpointSettings = ({
  clientId,
  endpointId,
  scoringUri,
  authMode = 'key',
}: ScoringInputs): Record<string, string> => ({
  MOAT_CLIENT_ID: clientId,
  MOAT_ENDPOINT_ID: endpointId,
  MOAT_SCORING_URI: scoringUri,
  MOAT_AUTH_MODE: authMode,
});

function sampleSettings({
  sample,
  blobs,
}: Pick<CommandInputs['scoreSample'], 'sample' | 'blobs'>): Record<string, string> {
  const { relative, absolute } = { ...defaultTolerance, ...sample.tolerance };
  const [request, requestBlob] = given(sample.request, blobs.request, 'request');
  const [expected, expectedBlob] = given(sample.expected, blobs.expected, 'expected answer');
  return {
    MOAT_REQUEST: request,
    MOAT_REQUEST_BLOB: requestBlob,
    MOAT_EXPECTED: expected,
    MOAT_EXPECTED_BLOB: expectedBlob,
    MOAT_CONTENT_TYPE: sample.requestContentType ?? 'application/json',
    MOAT_RELATIVE_TOLERANCE: String(relative),
    MOAT_ABSOLUTE_TOLERANCE: String(absolute),
  };
}

const settings: { [Name in CommandName]: (input: CommandInputs[Name]) => Record<string, string> } = {
  setUp: () => ({}),
  buildImage: ({
    clientId,
    registry,
    storageAccount,
    container,
    model,
    sampleFiles = {},
    probe = defaultProbe,
    trySample,
    serving = 'builtImage',
    allowPrivateRepositories,
  }) => ({
    MOAT_CLIENT_ID: clientId,
    MOAT_REGISTRY: registry,
    MOAT_STORAGE_ACCOUNT: storageAccount,
    MOAT_CONTAINER: container,
    MOAT_MODEL_FORMAT: model.format,
    MOAT_MODEL_LOCK: model.lock ?? '',
    MOAT_MODEL_REPOSITORY: model.repository,
    MOAT_MODEL_REF: model.ref,
    MOAT_MODEL_PATH: model.path,
    MOAT_SERVING: serving,
    MOAT_START_SECONDS: String(startSeconds(probe)),
    MOAT_REQUEST_FILE: sampleFiles.request ?? '',
    MOAT_EXPECTED_FILE: sampleFiles.expected ?? '',
    MOAT_ALLOW_PRIVATE_REPOSITORIES: String(allowPrivateRepositories),
    ...(trySample && { MOAT_TRY_LOCALLY: 'true', ...sampleSettings({ sample: trySample, blobs: {} }) }),
  }),
  verify: ({ targets }) => {
    const lines = targets.map(({ name, method, url }) => `${name},${method},${url}`);
    return { MOAT_TARGETS: Buffer.from(lines.join('\n')).toString('base64') };
  },
  score: (input) => ({ ...endpointSettings(input), MOAT_REQUEST: encode(input.request, 'request') }),
  scoreSample: (input) => ({
    ...endpointSettings(input),
    MOAT_STORAGE_ACCOUNT: input.storageAccount,
    MOAT_CONTAINER: input.container,
    ...sampleSettings(input),
  }),
};

/** The script, parameters and time limit of a command. Throws JumpboxFailure `InvalidRequest` for a request over the limit. */
export function jumpboxCommand<Name extends CommandName>(name: Name, input: CommandInputs[Name]): JumpboxCommand {
  return {
    script: scriptOf(name),
    parameters: Object.entries(settings[name](input)).map(([name, value]) => ({ name, value })),
    timeoutSeconds: timeouts[name],
  };
}
