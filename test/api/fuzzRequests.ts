/** A seeded source of choices (mulberry32): the same seed makes the same requests. */
export class Choices {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** an integer from 0 to below `end` */
  below = (end: number): number => Math.floor(this.#next() * end);
  chance = (probability: number): boolean => this.#next() < probability;
  of = <T>(values: readonly T[]): T => values[this.below(values.length)]!;
  bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => this.below(256)));
}

const methods = ['GET', 'GET', 'POST', 'POST', 'POST', 'PATCH', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'TRACE'];
const oddMethods = ['PROPFIND', 'QUERY', 'get', 'BREW', 'CONNECT', 'M-SEARCH', '', 'POST POST', '\u0000'];
const paths = [
  '/environments',
  '/environments/churn1',
  '/environments/churn2',
  '/environments/churn1/score',
  '/environments/churn1/cancel',
  '/environments/churn1/verify',
  '/environments/churn1/events',
  '/environments/churn1/runs',
  '/environments/churn1/runs/provision-1',
  '/sweeps',
  '/sweeps/sweep-1',
  '/sweeps/sweep-1/approve',
  '/codec/decode',
  '/codec/encode',
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/docs/',
];
const pathParts = [
  '%00',
  '%zz',
  '%',
  '%c0%af',
  '%2e%2e',
  '../..',
  '//',
  '\\',
  '%ff',
  '?',
  '#',
  ';',
  'é',
  '%F0%9F%98%80',
];
const queries = [
  'limit=1',
  'limit=true',
  'limit=1e400',
  'cursor=%00',
  'cursor=e30',
  'state=ready',
  'owner=%27',
  'expired=1',
];
const queryParts = [
  'limit=1&limit=2',
  '__proto__=1',
  'constructor[prototype]=1',
  '%zz=%zz',
  '=',
  '&&&',
  'a'.repeat(3000),
];

const scalars = [
  'null',
  'true',
  '0',
  '-0',
  '1e400',
  '-1e-400',
  '9007199254740993',
  '01',
  '+1',
  'NaN',
  '""',
  '"a\\ud800"',
];
const texts = ['"churn1"', '"westus2"', '"8h"', '"99999d"', '"\\u0000"', '"../.."', '"\\u202e"', '"custom"', '"false"'];
const names = ['name', 'location', 'ttl', 'owner', 'suffix', 'model', 'protected', 'reason', 'teardown', 'dryRun'];
const oddNames = [
  'payloads',
  'metadata',
  'data',
  '__proto__',
  'constructor',
  'prototype',
  '',
  'toString',
  'repository',
];

/** JSON, or something like it. */
function json(choices: Choices, depth: number): string {
  const kind = depth <= 0 ? choices.below(2) : choices.below(6);
  if (kind === 0) return choices.of(scalars);
  if (kind === 1) return choices.of(texts);
  if (kind === 2) return `"${choices.of(['x', 'é', '\u{1f600}', '\\n'])}`.padEnd(choices.below(9000), 'x').concat('"');
  const items = Array.from({ length: choices.below(5) }, () => json(choices, depth - 1));
  if (kind === 3) return `[${items.join(',')}]`;
  const members = items.map((item) => `"${choices.of(choices.chance(0.8) ? names : oddNames)}":${item}`);
  return `{${members.join(',')}}`;
}

function body(choices: Choices): Buffer {
  const kind = choices.below(12);
  if (kind === 0) return choices.bytes(choices.below(300));
  if (kind === 1) return Buffer.from(choices.of(['[', '{"a":']).repeat(choices.below(8000)));
  if (kind === 2) return Buffer.from(`[${Array(choices.below(8000)).fill('1').join(',')}]`);
  if (kind === 3) return Buffer.from(`\ufeff${json(choices, 3)}`);
  if (kind === 4) return Buffer.from(json(choices, 4), choices.of(['utf16le', 'latin1']));
  if (kind === 5) return Buffer.from('x'.repeat(choices.below(40_000)));
  if (kind === 6) return Buffer.concat([Buffer.from(json(choices, 2)), choices.bytes(3)]);
  if (kind === 7) return Buffer.from('{"name":"churn1","location":"westus2"}');
  return Buffer.from(json(choices, choices.below(40)));
}

const mediaTypes = [
  'application/json',
  'application/json; charset=utf-16',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/json;;;',
  '',
  '/',
];
const headers = [
  'Idempotency-Key: a',
  'Idempotency-Key: \u00e9',
  `Idempotency-Key: ${'k'.repeat(201)}`,
  'Last-Event-ID: 1',
  'Origin: https://evil.example',
  'Origin: null',
  'Authorization: Bearer x',
  'Content-Encoding: gzip',
  'Expect: 100-continue',
  'Expect: magic',
  'Upgrade: websocket',
  'Transfer-Encoding: gzip, chunked',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Range: bytes=0-1',
  'Accept: application/xml',
  'If-None-Match: *',
  `Cookie: ${'c'.repeat(5000)}`,
  `X-Long: ${'x'.repeat(17_000)}`,
  'X Space: 1',
  ': empty',
  'X-Null: \u0000',
  'X-Fold: a\r\n b',
];

function target(choices: Choices): string {
  let path = choices.of(paths);
  if (choices.chance(0.2)) path += `/${choices.of(pathParts)}`;
  if (choices.chance(0.05))
    path = choices.of(['*', 'http://127.0.0.1/environments', 'nonsense', `/${'a'.repeat(9000)}`]);
  if (choices.chance(0.3)) path += `?${choices.of(choices.chance(0.5) ? queries : queryParts)}`;
  return path;
}

/** The bytes of one request, mostly well-formed enough to reach a handler. */
export function fuzzRequest(choices: Choices): Buffer {
  const method = choices.of(choices.chance(0.93) ? methods : oddMethods);
  const version = choices.chance(0.97) ? 'HTTP/1.1' : choices.of(['HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'HTTPS/1.1', '']);
  const lines = [`${method} ${target(choices)} ${version}`];
  if (choices.chance(0.97))
    lines.push(`Host: ${choices.chance(0.97) ? '127.0.0.1' : choices.of(['evil.example', ''])}`);
  while (choices.chance(0.25)) lines.push(choices.of(headers));
  if (choices.chance(0.35)) return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  const content = body(choices);
  lines.push(`Content-Type: ${choices.chance(0.8) ? 'application/json' : choices.of(mediaTypes)}`);
  if (choices.chance(0.15)) {
    const size = choices.chance(0.8) ? content.length.toString(16) : choices.of(['zz', '-1', 'ffffffffffffffffff']);
    const head = `${lines.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n${size}\r\n`;
    return Buffer.concat([Buffer.from(head, 'latin1'), content, Buffer.from('\r\n0\r\n\r\n')]);
  }
  const length = choices.chance(0.9) ? content.length : content.length + choices.below(20) - 10;
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\nContent-Length: ${length}\r\n\r\n`, 'latin1'), content]);
}
