import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { root } from './support/composeFile.ts';
import { kubernetesValidator, kustomizeTools } from './support/tools.ts';

interface Container {
  name: string;
  image: string;
  args: string[];
  env?: { name: string }[];
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  securityContext: Record<string, unknown>;
  resources: { limits: Record<string, string> };
  volumeMounts: { name: string; mountPath: string }[];
}
interface PodSpec {
  initContainers?: Container[];
  containers: Container[];
  volumes: { name: string; secret?: { secretName: string } }[];
  securityContext: Record<string, unknown>;
  terminationGracePeriodSeconds?: number;
  automountServiceAccountToken: boolean;
}
interface KubernetesObject {
  kind: string;
  metadata: { name: string; labels: Record<string, string> };
  data?: Record<string, string>;
  spec?: {
    replicas?: number;
    selector?: Record<string, unknown>;
    podSelector?: { matchLabels: Record<string, string> };
    minAvailable?: number;
    template?: { metadata: { labels: Record<string, string> }; spec: PodSpec };
  };
}

const kustomize = join(kustomizeTools, 'kustomize');
const isRendered = existsSync(kustomize);
const render = (overlay: string): KubernetesObject[] =>
  parseAllDocuments(
    execFileSync(kustomize, ['build', `${root}deploy/kubernetes/${overlay}`], { encoding: 'utf8' }),
  ).map((document) => document.toJS() as KubernetesObject);

const podOf = ({ spec }: KubernetesObject): PodSpec => spec!.template!.spec;
const containersOf = (workload: KubernetesObject): Container[] => [
  ...(podOf(workload).initContainers ?? []),
  ...podOf(workload).containers,
];
const isLabelled = (labels: Record<string, string>, wanted: Record<string, string>): boolean =>
  Object.entries(wanted).every(([key, value]) => labels[key] === value);

describe.skipIf(!isRendered).each(['base', 'with-emulator'])(
  isRendered ? 'deploy/kubernetes/%s' : 'deploy/kubernetes/%s (skipped without kustomize)',
  (overlay) => {
    const objects = isRendered ? render(overlay) : [];
    const of = (kind: string) => objects.filter((object) => object.kind === kind);
    const workloads = [...of('Deployment'), ...of('StatefulSet')];

    it.skipIf(!existsSync(join(kubernetesValidator, 'installed')))('is valid by the schemas of Kubernetes', () => {
      const directory = mkdtempSync(join(tmpdir(), 'moat-kubernetes-'));
      const file = join(directory, 'rendered.yaml');
      writeFileSync(file, execFileSync(kustomize, ['build', `${root}deploy/kubernetes/${overlay}`]));
      const { status, stdout, stderr } = spawnSync(
        join(kubernetesValidator, 'bin/kubernetes-validate'),
        ['--strict', '--quiet', file],
        { encoding: 'utf8' },
      );
      rmSync(directory, { recursive: true });
      expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    });

    it('runs two APIs and two workers, of which a drained node leaves one', () => {
      for (const name of ['moat-api', 'moat-worker']) {
        const deployment = of('Deployment').find(({ metadata }) => metadata.name === name)!;
        expect(deployment.spec!.replicas).toBe(2);
        const budget = of('PodDisruptionBudget').find(({ metadata }) => metadata.name === name)!;
        expect(budget.spec).toMatchObject({ minAvailable: 1, selector: deployment.spec!.selector });
      }
    });

    it('starts entry points that exist, with settings that exist', () => {
      const known = readFileSync(`${root}src/config/settings.ts`, 'utf8');
      const commands = workloads.flatMap((workload) => podOf(workload).containers.map(({ args }) => args.at(-1)!));
      expect(commands.filter((file) => !existsSync(`${root}${file}`))).toEqual([]);
      const names = [
        ...of('ConfigMap').flatMap(({ data }) => Object.keys(data!)),
        ...workloads.flatMap(containersOf).flatMap(({ env }) => (env ?? []).map(({ name }) => name)),
      ];
      expect(names.filter((name) => name.startsWith('MOAT_') && !known.includes(`${name}:`))).toEqual([]);
    });

    it('meets the restricted pod security standard, with read-only file systems and limits', () => {
      for (const workload of workloads) {
        expect(podOf(workload), workload.metadata.name).toMatchObject({
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        });
        for (const container of containersOf(workload)) {
          expect(container.securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
          expect(container.resources.limits['memory']).toBeDefined();
          expect(container.image).toMatch(/^moat:\d/);
        }
      }
    });

    it('waits longer for a process to end than its shutdown takes', () => {
      for (const name of ['moat-api', 'moat-worker'])
        expect(
          podOf(of('Deployment').find(({ metadata }) => metadata.name === name)!).terminationGracePeriodSeconds,
        ).toBe(30);
    });

    it('refers only to its own settings and to secrets that docs/operate.md makes', () => {
      const documented = readFileSync(`${root}docs/operate.md`, 'utf8');
      const maps = of('ConfigMap').map(({ metadata }) => metadata.name);
      for (const workload of workloads) {
        const references = containersOf(workload).flatMap(({ envFrom }) => envFrom ?? []);
        for (const { configMapRef } of references) if (configMapRef) expect(maps).toContain(configMapRef.name);
        const secrets = [
          ...references.flatMap(({ secretRef }) => (secretRef ? [secretRef.name] : [])),
          ...podOf(workload).volumes.flatMap(({ secret }) => (secret ? [secret.secretName] : [])),
        ];
        for (const secret of secrets) expect(documented).toContain(`create secret generic ${secret} `);
      }
    });

    it('has network policies for every pod, that refuse what no policy allows', () => {
      for (const { spec, metadata } of workloads) {
        const selected = of('NetworkPolicy').filter((policy) =>
          isLabelled(spec!.template!.metadata.labels, policy.spec!.podSelector!.matchLabels),
        );
        const types = selected.flatMap((policy) => (policy.spec as { policyTypes: string[] }).policyTypes);
        expect([...new Set(types)].toSorted(), metadata.name).toEqual(['Egress', 'Ingress']);
      }
    });
  },
);
