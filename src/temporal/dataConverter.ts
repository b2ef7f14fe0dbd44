import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createCodec } from './payloadCodec.ts';
import type { EncryptionKey } from './payloadCodec.ts';

/** How every client and worker turns values into what Temporal keeps. Failures are told in plain text only where nothing is encrypted. */
export function createDataConverter(keys: readonly EncryptionKey[]): DataConverter {
  return {
    payloadCodecs: [createCodec(keys)],
    ...(keys.length > 0 && { failureConverterPath: fileURLToPath(new URL('failureConverter.ts', import.meta.url)) }),
  };
}
