import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const sources = filesBelow('src').filter((file) => file.endsWith('.ts'));
/** The generated client is not written by hand: rules of style do not apply to it. */
const isGenerated = (file: string): boolean => file.startsWith('src/client/');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
/** Without comments. */
const codeOf = (file: string): string => textOf(file).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

function importsOf(file: string): Import[] {
  const statements = codeOf(file).matchAll(/^(?:import|export)\s(type\s)?(?:[^'";]*?\sfrom\s)?'([^']+)'/gm);
  const dynamic = codeOf(file).matchAll(/\bimport\(\s*'([^']+)'/g);
  return [
    ...[...statements].map(([, type, to]) => ({ from: file, to: to!, typeOnly: type !== undefined })),
    ...[...dynamic].map(([, to]) => ({ from: file, to: to!, typeOnly: false })),
  ];
}

interface FunctionLines {
  file: string;
  /** first line of the function, from 1 */
  line: number;
  lines: number;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
const notFunction = /^\s*(?:\}|(?:if|for|while|switch|do|try|class|interface)\b)/;
const functionStart = /\bfunction\b|=> \(?\{$|^\s*(?:(?:async|static|private) )*[#\w]+(?:<.*>)?\(.*\{$/;

/** The functions with a body in braces, by the indentation that oxfmt gives them. */
function functionsOf(file: string): FunctionLines[] {
  const lines = textOf(file).split('\n');
  return lines.flatMap((line, end) => {
    if (!line.endsWith('{')) return [];
    // the header of a function whose parameters have lines of their own ends with a line like `): void {`
    const isAtIndent = (other: string): boolean => other !== '' && indentOf(other) === indentOf(line);
    const start = line.trimStart().startsWith(')')
      ? lines.findLastIndex((other, i) => i < end && isAtIndent(other))
      : end;
    const header = start === end ? line : `${lines[start]} ${line.trimStart()}`;
    if (notFunction.test(header) || !functionStart.test(header)) return [];
    const close = lines.findIndex((other, i) => i > end && isAtIndent(other) && other.trimStart().startsWith('}'));
    return [{ file, line: start + 1, lines: close - start + 1 }];
  });
}

const imports = sources.flatMap(importsOf);

/** The folder of `src` (or `config`) that a file of ours is in. */
const areaOf = (file: string): string => (file === 'src/config.ts' ? 'config' : file.split('/')[1]!);

const areas = [
  'domain',
  'workflows',
  'activities',
  'azure',
  'jumpbox',
  'temporal',
  'api',
  'emulator',
  'client',
  'cli',
  'main',
  'config',
];

/** Which area may import which: `yes`, only types, or only what clients share; everything else is forbidden. */
const allowed: Record<string, Record<string, 'yes' | 'type' | 'messages'>> = {
  domain: { domain: 'yes' },
  workflows: { domain: 'yes', workflows: 'yes', activities: 'type' },
  activities: { domain: 'yes', activities: 'yes', azure: 'type', jumpbox: 'yes' },
  azure: { domain: 'yes', azure: 'yes', config: 'type' },
  jumpbox: { domain: 'yes', jumpbox: 'yes' },
  temporal: { domain: 'yes', workflows: 'messages', temporal: 'yes', config: 'type' },
  api: { domain: 'yes', temporal: 'type', api: 'yes', config: 'type' },
  emulator: { emulator: 'yes' },
  client: { client: 'yes' },
  cli: { client: 'yes', cli: 'yes' },
  config: { domain: 'yes', config: 'yes' },
  main: Object.fromEntries(areas.map((area) => [area, 'yes'])),
};

/** What clients and workflows share. */
const sharedWithClients = ['src/workflows/messages.ts', 'src/workflows/searchAttributes.ts'];

const targetOf = ({ from, to }: Import): string => relative(root, resolve(root, dirname(from), to));

function isForbidden({ from, to, typeOnly }: Import): boolean {
  const target = targetOf({ from, to, typeOnly });
  if (!target.startsWith('src/')) return false;
  const rule = allowed[areaOf(from)]?.[areaOf(target)];
  if (rule === 'messages') return !sharedWithClients.includes(target);
  return !(rule === 'yes' || (rule === 'type' && typeOnly));
}

const textOfImport = ({ from, to }: Import): string => `${from} imports ${to}`;

/** Import cycles of what is written by hand, type-only imports included, each as `a > b > a`. */
function findCycles(): string[] {
  const byFile = Map.groupBy(
    imports.filter(({ from, to }) => !isGenerated(from) && to.startsWith('.') && to.endsWith('.ts')),
    ({ from }) => from,
  );
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' > ')];
    if (done.has(file)) return [];
    const cycles = (byFile.get(file) ?? []).flatMap((one) => visit(targetOf(one), [...path, file]));
    done.add(file);
    return cycles;
  };
  return sources.filter((file) => !isGenerated(file)).flatMap((file) => visit(file, []));
}

describe('imports', () => {
  it('have no cycle, type-only imports included', () => {
    expect(findCycles()).toEqual([]);
  });

  it('follow the table in ARCHITECTURE.md', () => {
    const inside = imports.filter(({ to }) => to.startsWith('.'));
    expect(inside.length).toBeGreaterThan(100);
    expect(inside.filter(isForbidden).map(textOfImport)).toEqual([]);
  });

  it('of packages and Node do not occur in the domain', () => {
    expect(
      imports.filter(({ from, to }) => areaOf(from) === 'domain' && !to.startsWith('.')).map(textOfImport),
    ).toEqual([]);
  });

  it('of Azure packages occur in src/azure only, except types', () => {
    const azure = imports.filter(({ from, to }) => to.startsWith('@azure') && areaOf(from) !== 'azure');
    expect(
      azure.filter(({ from, typeOnly }) => !(typeOnly && areaOf(from) === 'activities')).map(textOfImport),
    ).toEqual([]);
  });

  it('of packages in workflows are limited to the Temporal workflow package', () => {
    const workflow = imports.filter(({ from, to }) => areaOf(from) === 'workflows' && !to.startsWith('.'));
    const allowedPackages = /^@temporalio\/(workflow|common)$/;
    expect(workflow.filter(({ to, typeOnly }) => !typeOnly && !allowedPackages.test(to)).map(textOfImport)).toEqual([]);
  });
});

describe('the console', () => {
  const console = filesBelow('web').filter((file) => /^web\/src\/.*\.tsx?$/.test(file));

  it('imports of src only the generated client', () => {
    const outside = console.flatMap(importsOf).filter(({ to }) => to.startsWith('.'));
    const inSource = outside.map(targetOf).filter((target) => !target.startsWith('web/'));
    expect(new Set(inSource)).toEqual(new Set(['src/client/index.ts']));
  });

  it('has no file above 300 lines', () => {
    expect(console.filter((file) => textOf(file).trimEnd().split('\n').length > 300)).toEqual([]);
  });
});

describe('the workflow bundle', () => {
  let code: string;

  beforeAll(async () => {
    const logger = { log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const workflowInterceptorModules = [join(root, 'src/workflows/traceInterceptors.ts')];
    const workflowsPath = join(root, 'src/workflows/index.ts');
    ({ code } = await bundleWorkflowCode({ workflowsPath, workflowInterceptorModules, logger }));
  });

  it('contains no code of activities, Azure, OpenTelemetry or Node', () => {
    const modules = [...code.matchAll(/^\s*!\*\*\* (\S+) /gm)].map(([, path]) => path!);
    expect(modules.some((path) => path.includes('src/workflows/provision.ts'))).toBe(true);
    expect(
      modules.filter((path) => /src\/(activities|azure|jumpbox)\/|@azure|opentelemetry|^node:/.test(path)),
    ).toEqual([]);
  });

  it('is smaller than 3 MiB', () => {
    expect(Buffer.byteLength(code)).toBeLessThan(3 * 1024 * 1024);
  });
});

describe('the GitHub Action', () => {
  it('needs no package, because nothing is installed where it runs', () => {
    const closure = new Set(['src/cli/action/main.ts', 'src/cli/action/post.ts']);
    const needed: Import[] = [];
    for (const file of closure)
      for (const one of importsOf(file).filter(({ typeOnly }) => !typeOnly)) {
        needed.push(one);
        if (one.to.startsWith('.')) closure.add(targetOf(one));
      }
    expect(closure.size).toBeGreaterThan(15);
    expect(needed.filter(({ to }) => !/^(\.|node:)/.test(to)).map(textOfImport)).toEqual([]);
  });
});

describe('the source', () => {
  it('has no file above 300 lines', () => {
    const written = [...sources, ...filesBelow('test').filter((file) => file.endsWith('.ts'))].filter(
      (file) => !isGenerated(file),
    );
    const long = written.filter((file) => textOf(file).trimEnd().split('\n').length > 300);
    expect(long).toEqual([]);
  });

  it('has no function above 60 lines in the workflows', () => {
    const functions = sources.filter((file) => areaOf(file) === 'workflows').flatMap(functionsOf);
    expect(functions.length).toBeGreaterThan(100);
    expect(functions.filter(({ lines }) => lines > 60)).toEqual([]);
  });

  it('keeps no state in modules that the workflows of a worker share', () => {
    const shared = sources.filter((file) => /^src\/(domain|workflows)\//.test(file));
    const state =
      /^(export )?(let|var)\s|^(export )?const \w[^=]*= (\[\]|\{\}|new (Map|Set|WeakMap|WeakSet)(<.*>)?\(\));/m;
    expect(shared.filter((file) => state.test(codeOf(file)))).toEqual([]);
  });

  it('reads environment variables in one file, the command line in another one', () => {
    const readers = sources.filter((file) => /process\.env|node:process/.test(codeOf(file)));
    expect(readers.toSorted()).toEqual(['src/cli/environment.ts', 'src/config.ts']);
  });

  it('listens in entry points and the emulator only', () => {
    const listening = sources.filter((file) => /\blisten\(/.test(codeOf(file)));
    expect(listening.filter((file) => !['main', 'emulator'].includes(areaOf(file)))).toEqual([]);
  });

  it('imports types in statements of their own', () => {
    const mixed = sources.filter((file) => /^import \{[^}]*\btype\s/m.test(codeOf(file)));
    expect(mixed.filter((file) => !isGenerated(file))).toEqual([]);
  });

  it('names each task queue once', () => {
    for (const queue of ['moat-arm-read', 'moat-arm-write']) {
      expect(sources.filter((file) => codeOf(file).includes(`'${queue}'`))).toEqual(['src/workflows/messages.ts']);
    }
  });
});

describe('the black-box suite', () => {
  it('imports nothing of src', () => {
    const suite = filesBelow('test/e2e').filter((file) => file.endsWith('.ts'));
    expect(suite.length).toBeGreaterThan(10);
    const targets = suite.flatMap(importsOf).map(({ from, to }) => relative(root, resolve(root, dirname(from), to)));
    expect(targets.filter((target) => target.startsWith('src/'))).toEqual([]);
  });
});
