import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import type { Moat } from './moat.ts';

/** Client of the emulator's control routes. It trusts the emulator's own certificate authority. */
export function createEmulatorControl({ emulatorUrl, dataDir }: Moat) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const ca = await readFile(join(dataDir, 'emulator-ca.pem'));
    return new Promise((resolve, reject) => {
      const sent = request(`${emulatorUrl}/_emulator/${path}`, { method, ca }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if ((answer.statusCode ?? 500) < 300) resolve(text === '' ? undefined : JSON.parse(text));
          else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        });
      });
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  };
}
