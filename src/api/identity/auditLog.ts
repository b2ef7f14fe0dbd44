import type { FastifyReply, FastifyRequest } from 'fastify';
import { environmentNamePattern } from '../../domain/naming.ts';
import { isChange } from '../../domain/roles.ts';
import type { Caller } from '../../domain/roles.ts';
import type { App } from '../route.ts';
import { operationOf } from './registerIdentity.ts';

/** Writes one line to the log for each request of a recognised caller that may change something, whatever its answer. */
export function registerAuditLog(app: App): void {
  // the level of the other lines does not silence these
  const log = app.log.child({ audit: true }, { level: 'info' });
  app.addHook('onResponse', async (request, reply) => {
    const operation = operationOf(request);
    // refused before authentication: there is no caller
    const caller = request.caller as Caller | undefined;
    if (caller && isChange(operation)) log.info(entryOf(request, reply, caller), `${operation} by ${caller.name}`);
  });
}

function entryOf(request: FastifyRequest, { statusCode }: FastifyReply, { name, role, via }: Caller) {
  return {
    caller: name,
    role,
    via,
    operation: operationOf(request),
    environment: environmentOf(request),
    status: statusCode,
    outcome: statusCode < 400 ? 'accepted' : statusCode < 500 ? 'refused' : 'failed',
    requestId: request.id,
  };
}

/** The environment in the path, or in the body of a POST of a new one; null for a sweep, and for a name that no environment can have. */
function environmentOf({ params, body }: FastifyRequest): string | null {
  const { name } = { ...(body as { name?: unknown } | undefined), ...(params as { name?: string }) };
  return typeof name === 'string' && new RegExp(environmentNamePattern).test(name) ? name : null;
}
