import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compose, environmentOf, root } from './production/support/composeFile.ts';
import { composeSchema } from './production/support/tools.ts';

const textOf = (file: string): string => readFileSync(`${root}${file}`, 'utf8');
const { services } = compose;
const serviceOf = (name: string) => services[name]!;
const versionOf = (name: string): string | undefined => services[name]?.image?.split(':')[1];
const moatServices = ['emulator', 'worker', 'api-1', 'api-2'] as const;
const all = Object.entries(services);

describe('docker compose', () => {
  it("starts Temporal's cluster, two workers, and two APIs behind a proxy", () => {
    const usual = all.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    const temporal = ['postgresql', 'temporal-schema', 'temporal', 'temporal-namespace', 'temporal-ui'];
    expect(usual).toEqual([...temporal, 'emulator', 'worker', 'api-1', 'api-2', 'proxy']);
    expect(serviceOf('worker').scale).toBe(2);
    expect(serviceOf('api-2')).toEqual(serviceOf('api-1'));
    const observability = all.filter(([, { profiles }]) => profiles?.includes('observability')).map(([name]) => name);
    expect(observability).toEqual(['prometheus', 'grafana', 'collector']);
  });

  it.skipIf(!existsSync(composeSchema))('is valid by the schema of the Compose specification', () => {
    // Its name of the dialect is not the one that Ajv knows.
    const { $schema: _, ...schema } = JSON.parse(readFileSync(composeSchema, 'utf8')) as { $schema: string };
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    validate(parse(textOf('docker-compose.yml'), { merge: true }));
    expect(validate.errors).toBeNull();
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

  it('mounts files that exist', () => {
    const mounted = all.flatMap(([, { volumes }]) => volumes ?? []).filter((volume) => volume.startsWith('./'));
    expect(mounted.filter((volume) => !existsSync(`${root}${volume.split(':')[0]}`))).toEqual([]);
    expect(mounted.filter((volume) => !volume.endsWith(':ro'))).toEqual([]);
    const scripts = all
      .flatMap(([, { entrypoint }]) => entrypoint ?? [])
      .filter((path) => path.startsWith('/etc/moat'));
    expect(scripts.map((path) => existsSync(path.replace('/etc/moat', `${root}deploy/temporal`)))).toEqual([
      true,
      true,
    ]);
  });

  it('publishes ports on loopback only, and none of services that others reach through the proxy', () => {
    const published = all.flatMap(([name, { ports }]) => (ports ?? []).map((port) => [name, port] as const));
    expect(published.filter(([, port]) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect([...new Set(published.map(([name]) => name))]).toEqual(['proxy', 'prometheus', 'grafana']);
  });

  it('gives containers nothing that they do not need', () => {
    for (const [name, service] of all) {
      expect(service, name).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(service.security_opt, name).toEqual(['no-new-privileges:true']);
      expect(service.mem_limit, name).toBeDefined();
      expect(service.pids_limit, name).toBeGreaterThan(0);
      expect(service.user ?? '', name).not.toMatch(/^(0|root)\b/);
    }
    expect(all.filter(([, { cap_add }]) => cap_add).map(([name, { cap_add }]) => [name, cap_add])).toEqual([
      ['proxy', ['NET_BIND_SERVICE']],
    ]);
  });

  it('checks the health of every service that serves and has a shell', () => {
    const unchecked = all.filter(([, { healthcheck }]) => healthcheck === undefined).map(([name]) => name);
    expect(unchecked).toEqual(['temporal-schema', 'temporal-namespace', 'collector']);
  });

  it('sets no container name and no port for the worker, so that it can be scaled', () => {
    expect(services['worker']).not.toHaveProperty('container_name');
    expect(services['worker']).not.toHaveProperty('ports');
  });

  it('requires API keys, because the API listens beyond loopback', () => {
    expect(services['api-1']?.environment?.['MOAT_HOST']).toBe('0.0.0.0');
    expect(services['api-1']?.environment?.['MOAT_API_KEYS_FILE']).toBe('/run/secrets/api-keys');
    expect(services['api-1']?.secrets).toEqual(['api-keys']);
  });

  it('needs what scripts/compose-init makes, and says so', () => {
    const required = [...textOf('docker-compose.yml').matchAll(/\$\{(\w+):\?run scripts\/compose-init\}/g)];
    const made = textOf('scripts/compose-init');
    expect(required.filter(([, name]) => !new RegExp(`^ *setting ${name} `, 'm').test(made))).toEqual([]);
    for (const { file } of Object.values(compose.secrets)) {
      expect(file).toMatch(/^\.\/\.moat\/compose\//);
      expect(made).toContain(file.split('/').at(-1)!);
    }
    expect(() => environmentOf('worker', {})).toThrow('run scripts/compose-init');
  });

  it('gives API and workers the same keys', () => {
    for (const key of ['MOAT_ENCRYPTION_KEYS', 'MOAT_SEAL_KEY']) {
      const values = ['worker', 'api-1', 'api-2'].map((name) => services[name]?.environment?.[key]);
      expect(values[0]).toMatch(/^\$\{\w+:\?/);
      expect(new Set(values).size).toBe(1);
    }
  });

  it("shares the emulator's certificate authority, which only the emulator can change", () => {
    expect(services['emulator']?.volumes).toEqual(['moat:/var/lib/moat']);
    for (const name of ['worker', 'api-1']) expect(services[name]?.volumes).toEqual(['moat:/var/lib/moat:ro']);
    expect(textOf('Dockerfile')).toContain('MOAT_DATA_DIR=/var/lib/moat');
  });

  it('depends only on existing services, with a health check where one is awaited', () => {
    for (const [name, service] of all) {
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

  it('pins every image to an exact version, and the server to that of its tools', () => {
    const images = all.flatMap(([, { image }]) => (image && image !== 'moat' ? [image] : []));
    expect(images.filter((image) => !/:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/.test(image))).toEqual([]);
    expect(versionOf('temporal-schema')).toBe(versionOf('temporal'));
    expect(versionOf('temporal-namespace')).toBe(versionOf('temporal'));
  });

  it('its scripts are executable, and explain themselves', () => {
    expect(execFileSync(`${root}scripts/compose-init`, ['--help'], { encoding: 'utf8' })).toContain('Usage:');
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
