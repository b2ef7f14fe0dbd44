import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const textOf = (file: string): string => readFileSync(`${root}${file}`, 'utf8');

interface Service {
  image?: string;
  build?: string;
  pull_policy?: string;
  command?: string[];
  container_name?: string;
  ports?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  secrets?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}
const compose = parse(textOf('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, unknown>;
};
const { services } = compose;
const moatServices = ['emulator', 'worker', 'api'] as const;

describe('docker compose', () => {
  it("starts a Temporal cluster and Moat's three processes", () => {
    expect(Object.keys(services)).toEqual(['postgresql', 'temporal', 'temporal-ui', ...moatServices]);
  });

  it('runs existing entry points from one image', () => {
    for (const name of moatServices) {
      expect(services[name]?.image).toBe('moat');
      expect(existsSync(`${root}${services[name]?.command?.at(-1)}`)).toBe(true);
    }
  });

  it('builds the image once and never pulls it', () => {
    expect(moatServices.filter((name) => services[name]?.build !== undefined)).toEqual(['emulator']);
    expect(moatServices.map((name) => services[name]?.pull_policy)).toEqual(moatServices.map(() => 'never'));
  });

  it('publishes ports on loopback only', () => {
    const published = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('sets no container name and no port for the worker, so that it can be scaled', () => {
    expect(services['worker']).not.toHaveProperty('container_name');
    expect(services['worker']).not.toHaveProperty('ports');
  });

  it('configures the Temporal CLI in its container', () => {
    expect(services['temporal']?.environment?.['TEMPORAL_ADDRESS']).toBe(
      services['worker']?.environment?.['TEMPORAL_ADDRESS'],
    );
  });

  it('requires API keys, because the API listens beyond loopback', () => {
    expect(services['api']?.environment?.['MOAT_HOST']).toBe('0.0.0.0');
    expect(services['api']?.environment?.['MOAT_API_KEYS_FILE']).toBe('/run/secrets/api-keys');
    expect(services['api']?.secrets).toEqual(Object.keys(compose.secrets));
  });

  it('encrypts Temporal payloads with the same keys in API and worker', () => {
    const keys = ['worker', 'api'].map((name) => services[name]?.environment?.['MOAT_ENCRYPTION_KEYS']);
    expect(keys).toEqual([keys[0], expect.stringMatching(/^\$\{MOAT_ENCRYPTION_KEYS:\?/)]);
  });

  it("shares the emulator's certificate authority and the seal key in one volume", () => {
    const volumes = moatServices.map((name) => services[name]?.volumes);
    expect(new Set(volumes.map(String)).size).toBe(1);
    expect(textOf('Dockerfile')).toContain('MOAT_DATA_DIR=/var/lib/moat');
  });

  it('depends only on existing services, with a health check where one is awaited', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(services, `${name} needs ${needed}`).toHaveProperty(needed);
        if (condition === 'service_healthy') expect(services[needed]).toHaveProperty('healthcheck');
      }
    }
  });

  it('uses existing settings only', () => {
    const known = textOf('src/config/settings.ts');
    const used = moatServices.flatMap((name) => Object.keys(services[name]?.environment ?? {}));
    expect(used.filter((setting) => setting.startsWith('MOAT_') && !known.includes(`${setting}:`))).toEqual([]);
  });

  it('pins every image to a version', () => {
    const images = Object.values(services).flatMap(({ image }) => (image && image !== 'moat' ? [image] : []));
    expect(images.filter((image) => !/:\d/.test(image))).toEqual([]);
  });
});

describe('the image', () => {
  const stages = textOf('Dockerfile')
    .split(/^FROM /m)
    .slice(1);
  const stageOf = (name: string): string => stages.find((stage) => stage.split('\n')[0]?.endsWith(` AS ${name}`)) ?? '';

  it('is built from stages that exist, and is the whole Moat unless a target is named', () => {
    const names = stages.map((stage) => stage.split('\n')[0]!.split(' AS ')[1]);
    expect(names).toEqual(['dependencies', 'console', 'base', 'emulator', 'moat']);
    const used = [...textOf('Dockerfile').matchAll(/^FROM (\w+) AS|--from=(\w+)/gm)].map(
      ([, from, copy]) => from ?? copy,
    );
    expect(used.filter((stage) => !names.includes(stage))).toEqual([]);
  });

  it('has a target that is the emulator alone, reachable from outside of its container', () => {
    const stage = stageOf('emulator');
    expect(stage).toContain('MOAT_EMULATOR_HOST=0.0.0.0');
    expect(stage).toMatch(/^EXPOSE 8743$/m);
    const [, command] = /^CMD (\[.*\])$/m.exec(stage)!;
    expect(existsSync(`${root}${(JSON.parse(command!) as string[])[1]}`)).toBe(true);
  });

  it('runs as an unprivileged user', () => {
    expect(textOf('Dockerfile')).toMatch(/^USER node$/m);
  });

  it('runs no install scripts', () => {
    expect(textOf('Dockerfile')).toMatch(/npm ci .*--omit=dev .*--ignore-scripts/);
  });

  it('contains only the files that the build names', () => {
    expect(textOf('.dockerignore').split('\n')[0]).toBe('*');
  });
});
