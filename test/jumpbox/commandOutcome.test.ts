import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import { maxScoreRequestBytes } from '../../src/domain/limits.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import type { InstanceView } from '../../src/jumpbox/commandOutcome.ts';

const marked = (marker: unknown, more: InstanceView = {}): InstanceView => ({
  executionState: 'Succeeded',
  exitCode: 0,
  output: `a line before\nMOAT ${JSON.stringify(marker)}\n`,
  ...more,
});

const packed = (body: string): string => gzipSync(body).toString('base64');

/** A score whose body has this many bytes of JSON. */
const answering = (length: number): InstanceView =>
  marked({ ok: true, result: { status: 200, latencyMs: 7, body: packed(JSON.stringify('x'.repeat(length - 2))) } });

/** A score whose body is nested to this depth. */
const nested = (depth: number): InstanceView => {
  const body = packed(`${'['.repeat(depth)}"[[["${']'.repeat(depth)}`);
  return marked({ ok: true, result: { status: 200, latencyMs: 7, body } });
};

const typed = (type: string, retryable: boolean) => expect.objectContaining({ type, retryable });

describe('the outcome of a command on the jumpbox', () => {
  test('is parsed from its last line', () => {
    expect(readOutcome('setUp', marked({ ok: true, result: { docker: '28' } }))).toEqual({ docker: '28' });
  });

  test('returns the endpoint’s answer unchanged, JSON or not', () => {
    const result = { status: 424, latencyMs: 7, body: packed('not json') };
    expect(readOutcome('score', marked({ ok: true, result })).body).toBe('not json');
    expect(readOutcome('score', marked({ ok: true, result: { ...result, body: packed('[1.5]') } })).body).toEqual([
      1.5,
    ]);
  });

  test('is AnswerTooLarge when a small compressed answer unpacks to a long one', () => {
    expect(readOutcome('score', answering(128 * 1024)).body).toHaveLength(128 * 1024 - 2);
    expect(() => readOutcome('score', answering(128 * 1024 + 1))).toThrow(typed('AnswerTooLarge', false));
    expect(() => readOutcome('score', answering(10_000_000))).toThrow(typed('AnswerTooLarge', false));
  });

  test('is too large when the answer is nested so deep that no reader could parse it', () => {
    expect(readOutcome('score', nested(32)).status).toBe(200);
    expect(() => readOutcome('score', nested(33))).toThrow(typed('AnswerTooLarge', false));
    expect(() => readOutcome('score', nested(60_000))).toThrow(typed('AnswerTooLarge', false));
  });

  test('has the failure type that the script printed', () => {
    const result = { ok: false, type: 'ImageBuildFailed', message: 'docker build failed: no space left' };
    const view = marked(result, { executionState: 'Failed', exitCode: 1 });
    expect(() => readOutcome('buildImage', view)).toThrow(typed('ImageBuildFailed', false));
    expect(() => readOutcome('buildImage', view)).toThrow('no space left');
  });

  test('is Unknown for a script without a result, with the end of its error output', () => {
    const view = { executionState: 'Failed', exitCode: 137, output: '', error: 'Killed' };
    expect(() => readOutcome('buildImage', view)).toThrow(typed('Unknown', false));
    expect(() => readOutcome('buildImage', view)).toThrow(/exit code 137.*Killed/);
  });

  test('is InProgress while the script runs, and Transient after its time limit', () => {
    expect(() => readOutcome('score', { executionState: 'Running' })).toThrow(typed('InProgress', true));
    expect(() => readOutcome('score', { executionState: 'TimedOut', output: '' })).toThrow(typed('Transient', true));
  });

  test('a truncated marker is not a result', () => {
    const view = { executionState: 'Succeeded', exitCode: 0, output: 'MOAT {"ok":true,"res' };
    expect(() => readOutcome('setUp', view)).toThrow(typed('Unknown', false));
  });

  test('a request over the limit is rejected before anything is sent', () => {
    const input = { clientId: 'c', endpointId: '/e', scoringUri: 'https://e/score' };
    expect(() => jumpboxCommand('score', { ...input, request: 'x'.repeat(maxScoreRequestBytes) })).toThrow(
      typed('InvalidRequest', false),
    );
    expect(
      jumpboxCommand('score', { ...input, request: 'x'.repeat(maxScoreRequestBytes - 2) }).parameters,
    ).toHaveLength(5);
  });
});
