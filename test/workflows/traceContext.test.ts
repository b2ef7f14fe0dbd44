import { defaultPayloadConverter } from '@temporalio/common';
import { expect, it } from 'vitest';
import { spanIdOf, traceParentIn, withTraceParent } from '../../src/workflows/traceContext.ts';

const parent = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', flags: '01' };

it('a trace context is read from the headers that it was written to, beside others', () => {
  const other = defaultPayloadConverter.toPayload('kept');
  const headers = withTraceParent({ other }, parent);
  expect(traceParentIn(headers)).toEqual(parent);
  expect(headers['other']).toBe(other);
});

it.each([undefined, {}, null, 'text', { traceparent: 'not a trace context' }, { traceparent: '00-1-2-01' }])(
  'headers without a valid trace context have none: %j',
  (carrier) => {
    const headers = carrier === undefined ? {} : { '_tracer-data': defaultPayloadConverter.toPayload(carrier) };
    expect(traceParentIn(headers)).toBeUndefined();
  },
);

it('the id of a span is that of the run, on every worker', () => {
  expect(spanIdOf('01936d0c-8f3a-7c1e-9b2d-4e5f6a7b8c9d')).toBe('9b2d4e5f6a7b8c9d');
});
