import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../domain/roles.ts';

/**
 * Recognises the caller of a request by one kind of credential. Returns undefined where the request has none that it knows; throws
 * HttpProblem `Unauthorized` for one that it knows and refuses.
 */
export type Authenticator = (request: FastifyRequest) => Promise<Caller | undefined>;

/** The token of `Authorization: Bearer <token>`. */
export const bearerToken = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
