import { ArmError } from '../arm/model.ts';
import type { Json, JsonObject } from '../arm/model.ts';

/** A request as the emulator's parts see it. */
export interface Call {
  method: string;
  /** decoded by segment, as sent, without the query */
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** the parsed body of a JSON request; `{}` without one */
  body: JsonObject;
  /** `https://{Host of the request}`: every absolute URL is built from it */
  origin: string;
  correlationId: string;
  /** who calls: `appid`, `oid` of the bearer token */
  principal: { appId: string; objectId: string };
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: Json;
  /** sent instead of `body` as it is; its type is in `headers` */
  text?: string;
}

/** The ARM error answer of a fault. */
export const errorReply = (fault: ArmError): Reply => ({
  status: fault.status,
  headers: fault.headers,
  body: (fault.bare ? { ...fault.body } : { error: { ...fault.body } }) as unknown as Json,
});

/** Deeper nesting is refused: no emulated resource comes near it, and the rules walk bodies recursively. */
const maxDepth = 64;

/** Parses a JSON body; `{}` without one. Throws ARM's 400 for what is not a JSON object, or is nested too deeply. */
export function parseBody(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ArmError(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ArmError(400, 'InvalidRequestContent', 'The request content was invalid: an object was expected.');
  if (nestingDepth(text) > maxDepth)
    throw new ArmError(
      400,
      'InvalidRequestContent',
      `The request content was invalid: it is nested more than ${maxDepth} levels deep.`,
    );
  return value as JsonObject;
}

/** The nesting depth of valid JSON, found without recursion. */
function nestingDepth(json: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, (depth += 1));
    else if (token === '}' || token === ']') depth -= 1;
  }
  return deepest;
}

/** Members of a value that should be an object; `{}` for anything else. */
export const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

/** The elements of a value that should be a list; none for anything else. */
export const asList = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** A text member, or undefined. */
export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A text member, or an empty text. */
export const textOf = (value: unknown): string => asText(value) ?? '';
