import Type from 'typebox';
import type * as domain from '../domain/environment.ts';
import { Json } from './modelSchemas.ts';
import { named, ref, strictObject, text } from './schemaHelpers.ts';

const scoreMembers = {
  status: Type.Integer({ description: "the endpoint's HTTP status" }),
  body: ref(Json),
  latencyMs: Type.Number({ description: "the endpoint's own time, in milliseconds" }),
};

export const Score = named<domain.Score>()('Score', strictObject(scoreMembers));

const answerMembers = {
  excerpt: text('the first 300 characters of the answer'),
  bytes: Type.Integer({ description: 'size of the answer' }),
  sha256: text('of the answer, hexadecimal'),
};

export const SampleScore = named<domain.SampleScore>()(
  'SampleScore',
  strictObject(
    {
      ...scoreMembers,
      body: Type.Unsafe<domain.Json>({ description: 'the whole answer; null when it is long' }),
      ...answerMembers,
    },
    { description: 'The answer to the sample request: the expected one, compared inside the network.' },
  ),
);

export const LocalTry = named<domain.LocalTry>()(
  'LocalTry',
  strictObject(
    {
      status: Type.Integer({ description: "the container's HTTP status" }),
      latencyMs: Type.Number({ description: "the container's own time, in milliseconds" }),
      ...answerMembers,
      log: text("the last lines of the container's log"),
    },
    {
      description:
        "The answer of the image's container on the jumpbox to the sample request, before a deployment was created: the expected one.",
    },
  ),
);
