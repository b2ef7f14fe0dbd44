import { json } from './httpExchange.ts';
import type { ClientConnection, HttpReply, HttpRequest } from './httpExchange.ts';

/** Sites that people open to see whether there is Internet; they have no service tags. */
export const publicSites = [
  'azure.microsoft.com',
  'bing.com',
  'example.com',
  'google.com',
  'microsoft.com',
  'www.bing.com',
  'www.example.com',
  'www.google.com',
  'www.microsoft.com',
];

/** Sites that answer the address which they see. */
export const addressSites = ['api.ipify.org', 'checkip.amazonaws.com', 'icanhazip.com', 'ifconfig.me'];

/** Sites that answer plain HTTP; the others redirect it. */
const plainHttp = /^((azure\.archive|security)\.ubuntu\.com|(www\.)?example\.com|deb\.debian\.org)$/;

const text = (status: number, body: string, type: string): HttpReply => ({
  status,
  headers: { 'content-type': type },
  body,
});

/** What a site of the Internet answers: its front page, the caller's address, or that the rest is not emulated. */
export function siteReply(host: string, request: HttpRequest, { clientAddress }: ClientConnection): HttpReply {
  const url = new URL(request.url);
  if (addressSites.includes(host)) return text(200, `${clientAddress}\n`, 'text/plain');
  if (url.protocol === 'http:' && !plainHttp.test(host))
    return { status: 301, headers: { location: `https://${host}${url.pathname}${url.search}` }, body: '' };
  if (host === 'mcr.microsoft.com' && /^\/v2\/?$/.test(url.pathname)) return json(200, {});
  if (url.pathname === '/' && /^(GET|HEAD)$/.test(request.method))
    return text(200, `<!doctype html><title>${host}</title>\n`, 'text/html; charset=utf-8');
  return json(501, { error: { code: 'NotEmulated', message: `${request.method} ${request.url} is not emulated.` } });
}
