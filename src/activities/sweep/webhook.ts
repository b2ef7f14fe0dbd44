import { createHmac } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { WebhookEvent } from '../../domain/webhookEvent.ts';
import { isLoopback, isPublic, restrictedLookup } from './publicAddress.ts';

export interface WebhookOptions {
  url: string;
  /** key of the HMAC that says that it is this installation that tells */
  secret: string;
  /** this machine may be told, without TLS: for the emulator */
  allowLoopback: boolean;
}

const withinMs = 8_000;

/** `t=<seconds since the epoch>,v1=<HMAC-SHA256 of "<t>.<body>", hexadecimal>`: who is told checks both, so that nothing can be told again later. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/**
 * Posts events to a webhook, one at a time. Throws when it is not answered with 2xx in time; follows no redirection, and connects to no
 * address that is not public.
 */
export function createWebhook({ url, secret, allowLoopback }: WebhookOptions) {
  const target = new URL(url);
  const fine = (address: string): boolean => isPublic(address) || (allowLoopback && isLoopback(address));

  return function deliver(event: WebhookEvent, id: string): Promise<void> {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !fine(host)) return Promise.reject(new Error(`${host} is not a public address`));
    const body = JSON.stringify({ id, ...event });
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'moat',
      'moat-event-id': id,
      'moat-signature': signatureOf(secret, Math.floor(Date.now() / 1000), body),
    };
    const signal = AbortSignal.timeout(withinMs);
    const send = target.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const sent = send(target, { method: 'POST', headers, signal, lookup: restrictedLookup(fine) }, (answer) => {
        const { statusCode = 0 } = answer;
        answer.resume();
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`the webhook answered ${statusCode}`));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  };
}
