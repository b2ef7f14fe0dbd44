import type { Instant, Json, JsonObject } from '../arm/model.ts';

/** A mutating request, for tests to inspect. */
export interface LoggedRequest {
  at: Instant;
  method: string;
  path: string;
  query: Record<string, string>;
  /** null: the connection broke before an answer */
  status: number | null;
  body: JsonObject;
  correlationId: string;
  /** the application that sent it */
  caller: string;
}

const kept = 5000;
const secret =
  /password|secret|token|connectionstring|customdata|^(primary|secondary|account|shared)key$|^protectedparameters$/i;

/** The last 5,000 mutating requests, without what is secret in their bodies. In memory only. */
export class RequestLog {
  #entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.#entries.push({ ...entry, body: redacted(entry.body) as JsonObject });
    if (this.#entries.length > kept) this.#entries = this.#entries.slice(-kept);
  }

  list(): LoggedRequest[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries = [];
  }
}

function redacted(value: Json): Json {
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secret.test(name) && typeof member !== 'boolean' ? '***' : redacted(member),
    ]),
  );
}
