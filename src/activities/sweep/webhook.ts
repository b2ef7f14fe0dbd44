import { createHmac } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { WebhookEvent } from '../../domain/webhookEvent.ts';
import { isLoopback, isPublic, restrictedLookup } from './publicAddress.ts';

export interface WebhookOptions {
  url: string;
  /** key of the HMAC that authenticates the event */
  secret: string;
  /** also allow loopback addresses, and plain http: for the emulator */
  allowLoopback: boolean;
}

const timeoutMs = 8_000;

/** `t=<seconds since the epoch>,v1=<HMAC-SHA256 of "<t>.<body>", hexadecimal>`: checking both protects the receiver from replayed events. */
export function signatureOf(secret: string, seconds: number, body: string): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/**
 * Posts events to a webhook, one at a time. Throws unless it answers 2xx within eight seconds. Follows no redirection and connects to public
 * addresses only.
 */
export function createWebhook({ url, secret, allowLoopback }: WebhookOptions) {
  const target = new URL(url);
  const isAllowed = (address: string): boolean => isPublic(address) || (allowLoopback && isLoopback(address));

  return function deliver(event: WebhookEvent, id: string): Promise<void> {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !isAllowed(host)) return Promise.reject(new Error(`${host} is not a public address`));
    const body = JSON.stringify({ id, ...event });
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'moat',
      'moat-event-id': id,
      'moat-signature': signatureOf(secret, Math.floor(Date.now() / 1000), body),
    };
    const signal = AbortSignal.timeout(timeoutMs);
    const send = target.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const sent = send(target, { method: 'POST', headers, signal, lookup: restrictedLookup(isAllowed) }, (answer) => {
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
