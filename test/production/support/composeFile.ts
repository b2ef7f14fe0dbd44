import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Service {
  image?: string;
  build?: string;
  pull_policy?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  mem_limit?: string;
  pids_limit?: number;
  scale?: number;
  profiles?: string[];
  entrypoint?: string[];
  command?: string[];
  container_name?: string;
  ports?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  secrets?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

/** docker-compose.yml, its anchors resolved and its variables not. */
export const compose = parse(readFileSync(`${root}docker-compose.yml`, 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
};

/** Replaces `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, as compose does. Throws an Error where a required variable is missing. */
const interpolate = (text: string, variables: Record<string, string | undefined>): string =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, operator: string | undefined, rest: string) => {
    const value = variables[name] || undefined;
    if (value === undefined && operator === '?') throw new Error(`${name}: ${rest}`);
    return value ?? (operator === '-' ? rest : '');
  });

/** The environment of a service's containers. */
export const environmentOf = (service: string, variables: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(compose.services[service]?.environment ?? {}).map(([name, value]) => [
      name,
      interpolate(value, variables),
    ]),
  );
