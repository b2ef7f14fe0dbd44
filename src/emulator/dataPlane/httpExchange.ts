import type { Instant } from '../arm/model.ts';

/** An HTTP request inside the emulated cloud. */
export interface HttpRequest {
  method: string;
  url: string;
  /** names in lower case */
  headers: Record<string, string>;
  body: string;
}

export interface HttpReply {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** how long the service works on it, in seconds of Azure; default: no time */
  seconds?: number;
}

/** Why no HTTP answer came: the name is unknown, nothing accepts, packets are lost, or another host answers. */
export type NetworkError = 'nxdomain' | 'refused' | 'timeout' | 'certificate';

/** What came of a request: an answer or a fault, and the addresses that its name had. */
export type HttpExchange = { addresses: string[] } & (HttpReply | { fault: NetworkError });

/** How a request reached the service that answers it. */
export interface ClientConnection {
  via: 'private' | 'public';
  /** the address that the service sees */
  clientAddress: string;
  at: Instant;
}

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The credential of an `Authorization: Bearer` header, if any. */
export function bearer(request: HttpRequest): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
}
