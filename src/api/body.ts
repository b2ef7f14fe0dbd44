import type { FastifyRequest } from 'fastify';
import { Problem } from '../domain/problem.ts';
import type { App } from './route.ts';

/** Most bytes of a request's body; what is scored has to pass through a run command's parameters. */
export const maxRequestBytes = 16 * 1024;

/** Bodies are JSON, whatever the client calls it: `curl -d` says application/x-www-form-urlencoded. An empty body is undefined. */
export function registerBodies(app: App): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  const parserFor =
    (refuse: (text: string) => Problem) =>
    (request: FastifyRequest, text: string | Buffer, done: (error: Error | null, body?: unknown) => void): void => {
      const body = String(text);
      if (body.trim() === '') return done(null, undefined);
      void parseJson(request, body, (error, value) => (error ? done(refuse(body)) : done(null, value)));
    };
  app.addContentTypeParser('application/json', { parseAs: 'string' }, parserFor(notJson));
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    parserFor((text) =>
      /^\s*[{[]/.test(text)
        ? notJson()
        : new Problem('UnsupportedMediaType', 'Send application/json: forms are not understood.'),
    ),
  );
}

const notJson = (): Problem =>
  new Problem('InvalidBody', 'The body is not JSON.', {
    errors: [{ path: '', message: 'must be JSON, without members that reach into prototypes' }],
  });
