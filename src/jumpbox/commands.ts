import type { Json } from '../domain/environment.ts';
import { maxScoreRequestBytes } from '../domain/limits.ts';
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
    /** whether the repository may have a private address */
    allowPrivateRepositories: boolean;
  };
  verify: { clientId: string; scoringUri: string; registry: string };
  score: {
    clientId: string;
    /** ARM id of the online endpoint */
    endpointId: string;
    scoringUri: string;
    /** at most 16 KiB as JSON */
    request: Json;
  };
}

/** A managed run command's inputs, ready for its PUT. */
export interface JumpboxCommand {
  script: string;
  /** passed to the script as environment variables, except empty ones; none is a secret */
  parameters: { name: string; value: string }[];
  timeoutSeconds: number;
}

const timeouts: Record<CommandName, number> = { setUp: 1800, buildImage: 5400, verify: 300, score: 1500 };

/** Seconds after which Azure stops a command's script. */
export const commandTimeoutSeconds = (name: CommandName): number => timeouts[name];

function encodeRequest(request: Json): string {
  const json = Buffer.from(JSON.stringify(request));
  if (json.length <= maxScoreRequestBytes) return json.toString('base64');
  const message = `the request has ${json.length} bytes of JSON`;
  throw new JumpboxFailure('InvalidRequest', message, `send at most ${maxScoreRequestBytes} bytes`);
}

const settings: { [Name in CommandName]: (input: CommandInputs[Name]) => Record<string, string> } = {
  setUp: () => ({}),
  buildImage: ({ clientId, registry, storageAccount, container, model, allowPrivateRepositories }) => ({
    MOAT_CLIENT_ID: clientId,
    MOAT_REGISTRY: registry,
    MOAT_STORAGE_ACCOUNT: storageAccount,
    MOAT_CONTAINER: container,
    MOAT_MODEL_FORMAT: model.format,
    MOAT_MODEL_LOCK: model.lock ?? '',
    MOAT_MODEL_REPOSITORY: model.repository,
    MOAT_MODEL_REF: model.ref,
    MOAT_MODEL_PATH: model.path,
    MOAT_ALLOW_PRIVATE_REPOSITORIES: String(allowPrivateRepositories),
  }),
  verify: ({ scoringUri, registry }) => ({ MOAT_SCORING_URI: scoringUri, MOAT_REGISTRY: registry }),
  score: ({ clientId, endpointId, scoringUri, request }) => ({
    MOAT_CLIENT_ID: clientId,
    MOAT_ENDPOINT_ID: endpointId,
    MOAT_SCORING_URI: scoringUri,
    MOAT_REQUEST: encodeRequest(request),
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
