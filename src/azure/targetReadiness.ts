import { readFile } from 'node:fs/promises';
import { request } from 'node:https';

const publicEndpoint = 'https://management.azure.com';
const cacheMs = 1_000;
const okStatus = 200;

export interface ReadinessTarget {
  /** default: Azure's public endpoint */
  endpoint?: string;
  /** PEM file of the authority that the endpoint's certificate is checked against; read at every request, since the emulator may create it later */
  caFile?: string;
}

/**
 * Reports whether the target's Azure Resource Manager answers, by a request that needs no credential. False after
 * `timeoutMs` without an answer. Callers within a second share one request. The emulator answers 503 while it cannot persist.
 */
export function createTargetReadiness(target: ReadinessTarget, timeoutMs = 2_000): () => Promise<boolean> {
  let last: { at: number; answer: Promise<boolean> } | undefined;
  return () => {
    const now = performance.now();
    if (!last || now - last.at > cacheMs) last = { at: now, answer: answers(target, timeoutMs) };
    return last.answer;
  };
}

async function answers({ endpoint = publicEndpoint, caFile }: ReadinessTarget, timeoutMs: number): Promise<boolean> {
  try {
    const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
    return await responds(new URL('/metadata/endpoints?api-version=2015-01-01', endpoint), ca, timeoutMs);
  } catch {
    return false;
  }
}

const responds = (url: URL, ca: string | undefined, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = request(url, { signal, agent: false, ...(ca !== undefined && { ca }) }, (response) => {
      response.resume();
      resolve(response.statusCode === okStatus);
    });
    sent.on('error', reject);
    sent.end();
  });
