import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import type { Moat } from './moat.ts';

/** A second ARM client, for changes that are not made by Moat. */
export function createArmClient({ emulatorUrl, dataDir }: Pick<Moat, 'emulatorUrl' | 'dataDir'>) {
  return async (
    method: string,
    path: string,
    version: string,
    body?: object,
  ): Promise<{ status: number; body: unknown }> => {
    const ca = await readFile(join(dataDir, 'emulator-ca.pem'));
    const headers = { authorization: 'Bearer test', 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const url = `${emulatorUrl}${path}${path.includes('?') ? '&' : '?'}api-version=${version}`;
      const sent = request(url, { method, ca, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const parsed: unknown = text === '' ? undefined : JSON.parse(text);
          const status = answer.statusCode ?? 0;
          if (status < 300 || status === 404) resolve({ status, body: parsed });
          else reject(new Error(`${method} ${path}: ${status} ${text}`));
        });
      });
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  };
}
