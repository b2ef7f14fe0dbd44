import { createHmac, randomUUID } from 'node:crypto';
import type { Instant, Json, JsonObject, Resource } from '../arm/model.ts';
import { textAt } from './jsonPath.ts';

const part = (content: JsonObject): string => Buffer.from(JSON.stringify(content)).toString('base64url');

const signature = (endpoint: Resource, text: string): string =>
  createHmac('sha256', textAt(endpoint.secrets, 'primaryKey')).update(text).digest('base64url');

/** The claims of a token that an endpoint issues: its scoring address and its end, in seconds of the cloud. */
interface Claims extends JsonObject {
  tid: string;
  exp: number;
}

/** A token of an endpoint in the form of a JWT, which only this endpoint's gateway accepts. */
export function issueEndpointToken(endpoint: Resource, claims: Claims): string {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, aud: endpoint.properties['scoringUri'] ?? null, jti: randomUUID() })}`;
  return `${text}.${signature(endpoint, text)}`;
}

/** Whether the endpoint issued the token, and it has not ended. */
export function isEndpointToken(endpoint: Resource, token: string, at: Instant): boolean {
  const [head = '', claims = '', signed] = token.split('.');
  if (signed !== signature(endpoint, `${head}.${claims}`)) return false;
  const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, Json>;
  return Number(exp) * 1000 > at;
}
