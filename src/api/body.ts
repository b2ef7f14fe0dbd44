import type { FastifyRequest } from 'fastify';
import { jsonLimitError, requestJsonLimits } from '../domain/jsonLimits.ts';
import type { JsonLimits } from '../domain/jsonLimits.ts';
import { Problem } from '../domain/problem.ts';
import type { App } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** bounds of the body's JSON; default: those of everything that reaches a workflow */
    jsonLimits?: JsonLimits;
    /** what the operation takes, for the refusal of other media types and of larger bodies; default `Send application/json.` */
    bodyHelp?: string;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses every body as JSON, whatever its content type: `curl -d` sends application/x-www-form-urlencoded. An empty body is undefined.
 * Refuses with InvalidBody or UnsupportedMediaType.
 */
export function registerBodies(app: App): void {
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  const parse = async (request: FastifyRequest, bytes: Buffer): Promise<unknown> => {
    const text = textOf(request, bytes);
    if (text.trim() === '') return undefined;
    const limitError = jsonLimitError(text, request.routeOptions.config.jsonLimits ?? requestJsonLimits);
    if (limitError !== undefined) throw invalidBody('The body exceeds a limit.', limitError);
    return new Promise((resolve, reject) => {
      void parseJson(request, text, (error, value) => {
        if (error) reject(notJson());
        else resolve(value);
      });
    });
  };
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes: Buffer) => {
      if (bytes.length > 0 && !/^\s*[{[]/.test(bytes.toString('latin1')))
        throw new Problem('UnsupportedMediaType', 'Send application/json: forms are not supported.');
      return parse(request, bytes);
    },
  );
  app.addContentTypeParser('*', (request, _payload, done) => {
    done(new Problem('UnsupportedMediaType', request.routeOptions.config.bodyHelp ?? 'Send application/json.'));
  });
}

function textOf({ headers }: FastifyRequest, bytes: Buffer): string {
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new Problem('UnsupportedMediaType', 'Send the body without a content encoding.');
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalidBody('The body is not UTF-8.', 'must be UTF-8');
  }
}

const invalidBody = (detail: string, message: string): Problem =>
  new Problem('InvalidBody', detail, { errors: [{ path: '', message }] });

const notJson = (): Problem =>
  invalidBody(
    'The body is not JSON.',
    'must be JSON, without the member names `__proto__` and `constructor.prototype`',
  );
