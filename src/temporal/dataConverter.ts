import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createCodec } from './payloadCodec.ts';
import type { EncryptionKey } from './payloadCodec.ts';

/** The data converter of every client and worker. Failure messages are in plain text only where nothing is encrypted. */
export function createDataConverter(keys: readonly EncryptionKey[]): DataConverter {
  return {
    payloadCodecs: [createCodec(keys)],
    ...(keys.length > 0 && { failureConverterPath: fileURLToPath(new URL('failureConverter.ts', import.meta.url)) }),
  };
}
