import Type from 'typebox';
import type * as domain from '../domain/environment.ts';
import { repositoryPattern } from './repositoryAddress.ts';
import { named, oneOf, ref, strictObject } from './schemaHelpers.ts';

export const Json = named<domain.Json>()('Json', Type.Unsafe<domain.Json>({ description: 'any JSON value' }));

export const Tolerance = named<domain.Tolerance>()(
  'Tolerance',
  strictObject(
    {
      relative: Type.Optional(
        Type.Number({ minimum: 0, maximum: 1, description: "share of the expected number's magnitude; default 5e-7" }),
      ),
      absolute: Type.Optional(Type.Number({ minimum: 0, description: 'default 1e-12' })),
    },
    {
      description:
        'How far two numbers may differ: by the larger of both. Two integers are compared exactly, or up to `absolute`; 1 and 1.0 are alike.',
    },
  ),
);

const repositoryFile = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^(?!(.*/)?\\.{1,2}(/|$))[A-Za-z0-9._][A-Za-z0-9._-]*(/[A-Za-z0-9._][A-Za-z0-9._-]*)*$',
      maxLength: 200,
      description,
    }),
  );

export const UserModel = named<domain.UserModel>()(
  'UserModel',
  strictObject(
    {
      format: oneOf(['custom', 'mlflow'], {
        description: 'custom: with its own scoring script and Dockerfile; mlflow: in MLflow format',
      }),
      repository: Type.String({
        pattern: repositoryPattern,
        maxLength: 300,
        description:
          'an https URL of a git repository, without credentials; not of a private, loopback or link-local address',
      }),
      ref: Type.String({ pattern: '^[0-9a-f]{40}$', description: 'a commit, 40 hexadecimal digits in lower case' }),
      path: Type.String({
        pattern: '^(\\.|(?!(.*/)?\\.{1,2}(/|$))[A-Za-z0-9._][A-Za-z0-9._-]*(/[A-Za-z0-9._][A-Za-z0-9._-]*)*)$',
        maxLength: 200,
        description: 'a directory inside the repository, relative and without `..`',
      }),
      request: Type.Optional(ref(Json)),
      requestFile: repositoryFile(
        'a file in the repository, relative and without `..`, to send instead of `request`; of any size',
      ),
      requestContentType: Type.Optional(
        Type.String({
          pattern: '^[a-z]+/[a-z0-9][a-z0-9.+-]*$',
          maxLength: 100,
          description: 'a media type in lower case, like image/png, of `requestFile`; default: application/json',
        }),
      ),
      expected: Type.Optional(ref(Json)),
      expectedFile: repositoryFile(
        'a file in the repository, relative and without `..`, with the expected answer instead of `expected`; of any size; one that is not JSON is compared byte by byte',
      ),
      tolerance: Type.Optional(ref(Tolerance)),
    },
    {
      description:
        "The user's own model: its sources, a request (`request` or `requestFile`) and the expected answer (`expected` or `expectedFile`), together at most 16 KiB of JSON, or files of any size.",
    },
  ),
);
