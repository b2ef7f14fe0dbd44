import type { Packages } from '../dataPlane/containerImage.ts';

/** One requirement: `name==1.2`, or a name with other conditions. */
export interface Requirement {
  name: string;
  /** after `==`; undefined: pip chooses */
  version: string | undefined;
  conditions: string;
}

/** What pip installs along, as far as scoring scripts import it. */
const dependencies: Record<string, string[]> = {
  mlflow: ['numpy', 'pandas', 'scikit-learn', 'scipy', 'pyyaml', 'flask'],
  'scikit-learn': ['numpy', 'scipy', 'joblib'],
  pandas: ['numpy'],
  'azureml-inference-server-http': ['flask', 'inference-schema'],
};

/** Versions that pip takes where a requirement leaves the choice. */
const newest: Record<string, string> = {
  mlflow: '3.6.0',
  'scikit-learn': '1.7.2',
  numpy: '2.3.4',
  pandas: '2.3.3',
  flask: '3.1.3',
};

const serverVersions: Record<string, string> = { '3.7': '0.8.4.2', '3.8': '1.3.4' };

function chosenVersion({ name, conditions }: Requirement, python: string): string {
  if (name !== 'azureml-inference-server-http') return newest[name] ?? '1.0.0';
  const version = serverVersions[python] ?? '1.5.1';
  return version.startsWith('1.3.') && conditions.includes('!=1.3.*') ? '1.2.0' : version;
}

const normal = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** Parses a line of a requirements file or an operand of pip; undefined for comments and empty lines. */
export function parseRequirement(text: string): Requirement | undefined {
  const line =
    text
      .replace(/(^|\s)#.*$/, '')
      .replaceAll(/["']/g, '')
      .split(';')[0]
      ?.trim() ?? '';
  const found = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(.*)$/.exec(line);
  if (!found?.[1]) return undefined;
  const conditions = (found[2] ?? '').replaceAll(' ', '');
  return { name: normal(found[1]), version: /^==([^,*]+)$/.exec(conditions)?.[1], conditions };
}

/** Installs requirements as pip does. Returns pip's error, or undefined. */
export function installRequirements(
  packages: Packages,
  python: string,
  requirements: readonly Requirement[],
): string | undefined {
  const wanted = new Map<string, string>();
  for (const { name, version } of requirements) {
    if (version === undefined) continue;
    const other = wanted.get(name);
    if (other !== undefined && other !== version)
      return `ERROR: Cannot install ${name}==${other} and ${name}==${version} because these package versions have conflicting dependencies.`;
    wanted.set(name, version);
  }
  for (const requirement of requirements) {
    const { name, conditions } = requirement;
    if (wanted.has(name)) packages[name] = wanted.get(name) ?? '';
    else if (packages[name] === undefined || conditions !== '') packages[name] = chosenVersion(requirement, python);
    for (const dependency of dependencies[name] ?? []) {
      const implied = { name: dependency, version: undefined, conditions: '' };
      packages[dependency] ??= wanted.get(dependency) ?? chosenVersion(implied, python);
    }
  }
  return undefined;
}

/** The requirements of a conda environment file: those of conda itself and those of pip. */
export function condaRequirements(text: string): Requirement[] {
  const start = text.indexOf('dependencies:');
  return text
    .slice(start === -1 ? 0 : start)
    .split('\n')
    .flatMap((line) => {
      const entry = /^\s*-\s+([^:]+)$/.exec(line)?.[1];
      const parsed =
        entry === undefined ? undefined : parseRequirement(entry.replace(/^([\w.-]+)=([^=].*)$/, '$1==$2'));
      return parsed && parsed.name !== 'python' ? [parsed] : [];
    });
}
