import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environment, startFakeMoat } from './support/fakeMoat.ts';
import { root, runMoat, temporaryDirectory } from './support/runMoat.ts';

/** The body that `moat up` sends. */
async function bodyOf(args: string[], stdin = ''): Promise<unknown> {
  const { url, requests } = await startFakeMoat({ 'POST /environments': [{ body: environment('churn1') }] });
  const { code, stderr } = await runMoat(['up', ...args], { env: { MOAT_URL: url }, stdin });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return requests[0]?.body;
}

const yaml = `
name: churn1
location: westus2
ttl: 8h
jumpbox:
  diskGb: 128
`;

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('the spec of moat up', () => {
  it('is made of the name and the options that are given, and nothing else', async () => {
    expect(await bodyOf(['churn1', '--location', 'westus2'])).toEqual({ name: 'churn1', location: 'westus2' });
    const options = [
      '--instance-count',
      '2',
      '--jumpbox-sizes',
      'Standard_D2s_v5,Standard_D2s_v4',
      '--probe-period-seconds',
      '5',
    ];
    expect(await bodyOf(['churn1', '--location', 'westus2', '--model', 'mlflow', ...options])).toEqual({
      name: 'churn1',
      location: 'westus2',
      model: 'mlflow',
      instanceCount: 2,
      jumpbox: { sizes: ['Standard_D2s_v5', 'Standard_D2s_v4'] },
      probe: { periodSeconds: 5 },
    });
  });

  it('can be a model of the user', async () => {
    const model = [
      '--model-format',
      'mlflow',
      '--model-repository',
      'https://example.com/models',
      '--model-path',
      'churn',
    ];
    expect(await bodyOf(['churn1', '--location', 'westus2', ...model])).toMatchObject({
      model: { format: 'mlflow', repository: 'https://example.com/models', path: 'churn' },
    });
  });

  it('is read from a file or stdin; options and the argument override it', async () => {
    const file = join(temporaryDirectory(), 'churn.yaml');
    writeFileSync(file, yaml);
    const inFile = { name: 'churn1', location: 'westus2', ttl: '8h', jumpbox: { diskGb: 128 } };
    expect(await bodyOf(['-f', file])).toEqual(inFile);
    expect(await bodyOf(['-f', '-'], yaml)).toEqual(inFile);
    expect(await bodyOf(['-f', '-'], JSON.stringify(inFile))).toEqual(inFile);
    const overridden = await bodyOf(['churn2', '-f', file, '--ttl', '2h', '--jumpbox-sizes', 'Standard_D2s_v5']);
    expect(overridden).toEqual({
      ...inFile,
      name: 'churn2',
      ttl: '2h',
      jumpbox: { diskGb: 128, sizes: ['Standard_D2s_v5'] },
    });
  });

  it.each([
    ['is not there', ['-f', '/nonexistent.yaml'], '', '/nonexistent.yaml cannot be read'],
    ['is not YAML', ['-f', '-'], 'name: [', '- is neither YAML nor JSON'],
    ['is a list', ['-f', '-'], '- name', 'it must be an object'],
  ])('a file that %s is an error of usage', async (_, args, stdin, message) => {
    const { code, stderr } = await runMoat(['up', ...args], { stdin });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('has options without a value for what is true or false, and none for lists of objects', async () => {
    expect(await bodyOf(['churn1', '--location', 'westus2', '--try-locally', '--adopt'])).toEqual({
      name: 'churn1',
      location: 'westus2',
      tryLocally: true,
      adopt: true,
    });
    const outboundRules = [{ name: 'pypi', type: 'fqdn', destination: 'pypi.org' }];
    const inFile = { name: 'churn1', location: 'westus2', outboundRules };
    expect(await bodyOf(['-f', '-', '--existing-zone-groups-by-policy'], JSON.stringify(inFile))).toEqual({
      ...inFile,
      existing: { zoneGroupsByPolicy: true },
    });
    const { code, stderr } = await runMoat(['up', 'churn1', '--location', 'westus2', '--outbound-rules', 'pypi']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--outbound-rules')]);
  });

  it('has an option for each member of the OpenAPI document that is no object', async () => {
    const { stdout } = await runMoat(['up', '--help']);
    const { properties } = (
      JSON.parse(readFileSync(join(root, 'docs/openapi.json'), 'utf8')) as {
        components: { schemas: { NewEnvironment: { properties: Record<string, Property> } } };
      }
    ).components.schemas.NewEnvironment;
    const scalars = Object.entries(properties).filter(
      ([name, { type, items, $ref }]) => name !== 'name' && type !== 'object' && !$ref && !items?.$ref,
    );
    expect(scalars.length).toBeGreaterThan(15);
    const flags = scalars.map(([name, { type }]) => `--${kebab(name)} ${type === 'boolean' ? '' : '<'}`);
    expect(flags.filter((flag) => !stdout.includes(flag))).toEqual([]);
  });
});

interface Property {
  type?: string;
  $ref?: string;
  items?: { $ref?: string };
}
