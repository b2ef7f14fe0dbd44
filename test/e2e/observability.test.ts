import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createClient } from './support/client.ts';
import { startCollector } from './support/collector.ts';
import type { Span } from './support/collector.ts';
import { createEmulatorControl } from './support/control.ts';
import { freePort, startMoat } from './support/moat.ts';
import type { Moat } from './support/moat.ts';
import { describeLocal } from './support/target.ts';
import { until } from './support/until.ts';

interface LogLine {
  process: string;
  level: string;
  msg: string;
  [field: string]: unknown;
}

/** Names of metrics in PromQL, without those of Prometheus itself. */
function namesIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...new Set(text.match(/\b(?:moat|temporal|process|nodejs)_[a-z0-9_]+/g))].toSorted();
}

const scrape = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

/** The span of the request that creates an environment. */
const isRoot = ({ name, attributes }: Span): boolean =>
  name === 'POST /environments' && attributes['http.response.status_code'] === '202';

describeLocal('a Moat with metrics and traces', 'starts a collector', () => {
  let moat: Moat;
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let metricsPort: number;

  const worker = (): Promise<string> => scrape(`http://127.0.0.1:${metricsPort}`);
  const lines = (): LogLine[] =>
    moat.output
      .join('')
      .split('\n')
      .flatMap((line) => (line.includes('{"level"') ? [JSON.parse(line.slice(line.indexOf('{'))) as LogLine] : []));

  beforeAll(async () => {
    collector = await startCollector();
    metricsPort = await freePort();
    moat = await startMoat(inject('temporal').address, 'observability', {
      MOAT_METRICS_PORT: String(metricsPort),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    });
    const client = createClient(moat.url);
    await createEmulatorControl(moat)('POST', 'faults', {
      match: { method: 'PUT', type: 'Microsoft.Network/natGateways', id: '/resourceGroups/rg-moat-refused/' },
      effect: { status: 403, code: 'AuthorizationFailed', message: 'refused by this test' },
    });
    await client.create({ name: 'observed', location: 'westus2' });
    await client.create({ name: 'refused', location: 'westus2' });
    await client.until('observed', 'ready');
    await client.until('refused', 'failed');
    await client.call('POST', '/sweeps', { dryRun: false });
    await until('the sweep is counted', async () =>
      /moat_sweeps_total\{state="completed",dry_run="false"\} 1/.test(await worker()),
    );
  }, 240_000);
  afterAll(async () => {
    await moat.close();
    await collector.close();
  });

  it('emits every metric that the dashboard and the alerts use', async () => {
    const emitted = `${await scrape(moat.url)}\n${await worker()}`;
    const names = new Set([...emitted.matchAll(/^([a-z_0-9]+)(?:\{| )/gm)].map(([, name]) => name));
    for (const file of ['deploy/grafana/moat.json', 'deploy/prometheus/alerts.yml']) {
      const used = namesIn(file);
      expect(used.length).toBeGreaterThan(8);
      expect(used.filter((name) => !names.has(name))).toEqual([]);
    }
  });

  it('emits only metrics that are documented', async () => {
    const emitted = `${await scrape(moat.url)}\n${await worker()}`;
    const names = [...emitted.matchAll(/^# TYPE (moat_[a-z_]+) /gm)].map(([, name]) => name!);
    const documented = readFileSync('docs/observability.md', 'utf8');
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !documented.includes(`| \`${name}\` |`))).toEqual([]);
  });

  it('counts environments, runs, steps and proofs once, and no environment has a time series of its own', async () => {
    const [api, counted] = [await scrape(moat.url), await worker()];
    expect(api).toContain('moat_environments{state="ready"} 1');
    expect(api).toContain('moat_environments{state="failed"} 1');
    expect(api).toContain('moat_environments_lease_expired{hours="0"} 0');
    expect(counted).toContain('moat_run_duration_seconds_count{kind="provision",outcome="succeeded"} 1');
    expect(counted).toContain('moat_run_duration_seconds_count{kind="provision",outcome="failed"} 1');
    expect(counted).toContain('moat_run_duration_seconds_count{kind="teardown",outcome="failed"} 0');
    expect(counted).toContain('moat_step_duration_seconds_count{kind="provision",step="image",outcome="succeeded"} 1');
    expect(counted).toContain('moat_step_duration_seconds_count{kind="provision",step="network",outcome="failed"} 1');
    expect(counted).toContain('moat_proofs_total{kind="provision",verdict="passed"} 1');
    expect(counted).toMatch(
      /moat_arm_requests_total\{provider="Microsoft.Network",method="PUT",status="403",retry="refused"\} 1/,
    );
    expect(counted).toMatch(/moat_arm_remaining_requests\{subscription="[0-9a-f-]+",bucket="writes"\} \d+/);
    expect(`${api}\n${counted}`).not.toMatch(/observed|refused[-:]|rg-moat/);
  });

  it('sends one trace from the request to the requests to ARM', async () => {
    const traced = await until('the trace is complete', async () => {
      const ofRun = collector.spans.filter((span) => span.attributes['moat.environment'] === 'observed');
      const ended = ofRun.find(({ name }) => name === 'workflow provision');
      const trace = collector.spans.filter(({ traceId }) => traceId === ended?.traceId);
      return trace.some(isRoot) && trace;
    });
    const byId = new Map(traced.map((span) => [span.spanId, span]));
    const pathOf = (span: Span): Span[] => {
      const parent = span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);
      return parent ? [...pathOf(parent), span] : [span];
    };
    const put = traced.find(({ name }) => name === 'ARM PUT Microsoft.MachineLearningServices/workspaces')!;
    expect(pathOf(put).map(({ service, name }) => `${service}: ${name}`)).toEqual([
      'moat-api: POST /environments',
      'moat-api: StartWorkflow:environment',
      'moat-worker: workflow provision',
      'moat-worker: RunActivity:ensureResource',
      'moat-worker: ARM PUT Microsoft.MachineLearningServices/workspaces',
    ]);
    expect(byId.get(put.parentSpanId!)!.attributes).toMatchObject({
      'moat.environment': 'observed',
      'moat.run': 'provision-1',
      'moat.step': 'workspace',
      'moat.correlationId': put.attributes['moat.correlationId'],
    });
    // nothing of the trace hangs in the air
    expect(traced.filter((span) => !isRoot(pathOf(span)[0]!)).map(({ name }) => name)).toEqual([]);
  });

  it('sends no query of an address, no token and no key to the collector', async () => {
    const text = collector.bodies.join('\n');
    expect(text).toContain('ARM GET');
    expect(text).not.toMatch(/api-version=|[?&](?:sig|se|t|c|s|h)=|Bearer|AccountKey|BEGIN [A-Z ]*PRIVATE KEY/);
  });

  it('counts nothing again when another worker replays the histories', async () => {
    await moat.kill('worker');
    moat.start('worker');
    const client = createClient(moat.url);
    await client.remove('observed');
    const counted = await worker();
    expect(counted).toContain('moat_run_duration_seconds_count{kind="teardown",outcome="succeeded"} 1');
    expect(counted).toContain('moat_run_duration_seconds_count{kind="provision",outcome="succeeded"} 0');
    expect(counted).toContain('moat_proofs_total{kind="provision",verdict="passed"} 0');
  });

  it('logs JSON in every process, with environment, run, step, correlation id and trace id', async () => {
    expect(new Set(lines().map(({ process }) => process))).toEqual(new Set(['emulator', 'worker', 'api']));
    const ended = lines().find(({ msg, environment }) => msg === 'run failed' && environment === 'refused');
    expect(ended).toMatchObject({ level: 'warn', process: 'worker', run: 'provision-1', step: 'network' });
    expect(ended).toMatchObject({ type: 'Forbidden', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    const attempt = lines().find(({ msg, environment }) => msg === 'Activity failed' && environment === 'refused')!;
    expect(attempt).toMatchObject({ run: 'provision-1', step: 'network', activity: 'ensureResource' });
    expect(attempt['traceId']).toBe(ended!['traceId']);
    const requests = collector.spans.filter(({ name }) => name === 'ARM PUT Microsoft.Network/natGateways');
    expect(requests.map(({ attributes }) => attributes['moat.correlationId'])).toContain(attempt['correlationId']);
  });
});
