import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { App } from '../../src/api/route.ts';

interface Answer {
  method: string;
  /** the route, like `/environments/:name`; undefined where there is none */
  route: string | undefined;
  status: number;
  contentType: string | undefined;
  body: string;
}

type Operations = Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>>;

/** Compares answers with the OpenAPI document of the application; returns the differences. */
export function contractOf(app: App): (answer: Answer) => string[] {
  const document = app.swagger();
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': isTime } });
  ajv.addSchema(document, 'openapi');
  const validators = new Map<string, ValidateFunction>();

  return ({ method, route, status, contentType, body }) => {
    const path = route?.replaceAll(/:(\w+)/g, '{$1}');
    const where = `${method} ${route} ${status}`;
    const mediaType = contentType?.split(';')[0] ?? '';
    const responses = (document.paths as Operations)[path ?? '']?.[method.toLowerCase()]?.responses;
    if (!responses) return status >= 400 && body !== '' ? checkJson('/components/schemas/Problem') : [];
    const response = responses[status];
    if (!response) return [`${where} is not declared`];
    if (!response.content) return body === '' ? [] : [`${where} must have no body`];
    if (!(mediaType in response.content)) return [`${where} must not be ${mediaType}`];
    if (!mediaType.endsWith('json')) return [];
    return checkJson(
      `/paths/${token(path!)}/${method.toLowerCase()}/responses/${status}/content/${token(mediaType)}/schema`,
    );

    function checkJson(pointer: string): string[] {
      const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#${encodeURI(pointer)}` });
      validators.set(pointer, validate);
      return validate(JSON.parse(body))
        ? []
        : (validate.errors ?? []).map((e) => `${where}${e.instancePath} ${e.message}`);
    }
  };
}

const token = (text: string): string => text.replaceAll('~', '~0').replaceAll('/', '~1');
const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
