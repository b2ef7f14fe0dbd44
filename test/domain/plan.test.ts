import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/domain/cost.ts';
import { criticalPath, usualDuration } from '../../src/domain/durations.ts';
import { byMethod } from '../../src/domain/methodComparison.ts';
import { hourlyCostOf, planOf } from '../../src/domain/plan.ts';
import { hourlyPrice, priceList } from '../../src/domain/prices.ts';
import type { OutboundRule, Spec } from '../../src/domain/environment.ts';
import { refNamed, specOf } from '../workflows/fixtures.ts';
import { recordSequence } from '../workflows/recordSequence.ts';

const facts = { findings: [], existing: {}, seconds: { min: 0, max: 0 } };
type Access = Spec['workspacePublicNetworkAccess'];

const duration = { minSeconds: 1, maxSeconds: 2, source: 'table', runs: 0 } as const;
const planWith = (change: Parameters<typeof specOf>[1] = {}) =>
  planOf(refNamed('churn1'), specOf('churn1', change), facts, duration);

const networkRows = (outboundRules: OutboundRule[] = [], workspacePublicNetworkAccess: Access = 'disabled') =>
  planWith({ isolation: 'managedNetwork', outboundRules, workspacePublicNetworkAccess }).resources.filter(({ title }) =>
    title.endsWith('of the managed network'),
  );

const longestMinutes = (change: Partial<Spec>) =>
  Math.round(criticalPath(recordSequence(specOf('churn1', change))).max / 60);

describe('the cost of a plan', () => {
  it('is known for the default spec, but for what is charged by use', () => {
    const { resources, cost } = planWith();
    const unpriced = resources.filter(({ cost: { perHour } }) => perHour === null);
    expect(unpriced.map(({ title }) => title)).toEqual([
      'Log Analytics workspace',
      'Application Insights',
      'storage account',
      'key vault',
    ]);
    // 0.005 + 0.045 + 6 zones × 0.5/730 + 5 × 0.01 + 1.6666/24 + 0.096 + 9.2801/730 + 0.114
    expect(cost).toMatchObject({ currency: 'USD', unpriced: 4 });
    expect(cost.perHour).toBeCloseTo(0.39626, 4);
    expect(cost.priceList).toEqual({
      date: priceList.date,
      region: 'westus2',
      source: expect.stringContaining('Azure'),
    });
  });

  it('counts every instance, at the price of its meter', () => {
    const spec = specOf('churn1', { instanceType: 'standard_e4s_V3', instanceCount: 3 });
    expect(costOf('deployment', spec)).toEqual({
      perHour: 0.756,
      sku: 'standard_e4s_V3',
      meter: '3 × Virtual Machines Standard_E4s_v3',
      reason: null,
    });
  });

  it('is null with a reason, never 0, where the list lacks a SKU', () => {
    const { resources, cost } = planWith({
      instanceType: 'Standard_NC24ads_A100_v4',
      jumpbox: { sizes: ['Standard_M8ms'], diskGb: 4000 },
    });
    const reasons = resources.filter(({ cost: { sku, perHour } }) => sku !== null && perHour === null);
    expect(reasons.map(({ cost: { reason } }) => reason)).toEqual([
      `the price list of ${priceList.date} has no price of Standard_M8ms`,
      `the price list of ${priceList.date} has no price of Standard_NC24ads_A100_v4`,
      `the price list of ${priceList.date} has no price of Premium SSD of 4000 GB`,
    ]);
    expect(cost.unpriced).toBe(7);
  });

  it('has the private endpoints of a managed network, and its firewall only with a rule about a host name', () => {
    const costsOf = (resources: ReturnType<typeof networkRows>) =>
      resources.map(({ title, cost: { perHour, meter } }) => [title, perHour, meter]);
    expect(costsOf(networkRows())).toEqual([
      ['private endpoints of the managed network', 0.05, '5 × Standard Private Endpoint'],
    ]);
    expect(costsOf(networkRows([], 'enabled')).map(([, perHour]) => perHour)).toEqual([0.04]);
    const pypi: OutboundRule = { name: 'pypi', type: 'fqdn', destination: 'pypi.org' };
    const data: OutboundRule = { name: 'data', type: 'privateEndpoint', resourceId: '/x', subresource: 'blob' };
    expect(costsOf(networkRows([pypi, data]))).toEqual([
      ['private endpoints of the managed network', 0.06, '6 × Standard Private Endpoint'],
      ['firewall of the managed network', 0.395, 'Basic Deployment'],
    ]);
    const more = hourlyCostOf(refNamed('churn1'), specOf('churn1', { isolation: 'managedNetwork' })).amount;
    expect(more - hourlyCostOf(refNamed('churn1'), specOf('churn1')).amount).toBeCloseTo(0.05, 6);
  });

  it('prices no size of another family', () => {
    expect(hourlyPrice('Standard_D2s_v9')).toBeUndefined();
    expect(hourlyPrice('Standard_D2as_v5')?.perHour).toBe(0.086);
    const defaults = [...specOf('churn1').jumpbox.sizes, specOf('churn1').instanceType];
    expect(defaults.filter((size) => !hourlyPrice(size))).toEqual([]);
  });
});

describe('the usual duration', () => {
  it('is known for every task of the sequence', () => {
    for (const { task } of recordSequence()) expect(usualDuration(task).max).toBeGreaterThanOrEqual(0);
    expect(() => usualDuration('ensure:unheardOf')).toThrow(RangeError);
  });

  it('is the longest chain, not the sum: independent tasks run side by side', () => {
    const seconds: Record<string, number> = { a: 1, b: 10, c: 5, d: 2 };
    const [a, b] = [
      { task: 'a', needs: [] },
      { task: 'b', needs: [] },
    ];
    const c = { task: 'c', needs: [a, b] };
    const d = { task: 'd', needs: [a] };
    const range = criticalPath([a, b, c, d], (task) => ({ min: seconds[task]!, max: 2 * seconds[task]! }));
    expect(range).toEqual({ min: 15, max: 30 });
  });

  it('is half an hour more with a managed network, which is provisioned while the image is built, and ten minutes with a firewall', () => {
    const pypi = { name: 'pypi', type: 'fqdn', destination: 'pypi.org' } as const;
    const own = longestMinutes({});
    const network = longestMinutes({ isolation: 'managedNetwork' });
    const withFirewall = longestMinutes({ isolation: 'managedNetwork', outboundRules: [pypi] });
    expect([own, network, withFirewall]).toEqual([44, 69, 84]);
  });

  it('of a new environment is a quarter to three quarters of an hour on Azure, most of it for image and deployment', () => {
    const all = criticalPath(recordSequence());
    const without = criticalPath(recordSequence(), (task) =>
      task === 'ensure:deployment' || task === 'run:buildImage' ? { min: 0, max: 0 } : usualDuration(task),
    );
    expect([all.min, all.max].map((seconds) => Math.round(seconds / 60))).toEqual([15, 44]);
    expect(without.max).toBeLessThan(all.max / 2);
  });
});

it('a plan compares the methods: a managed network costs its endpoints and firewall, and takes longer', () => {
  const outboundRules: OutboundRule[] = [{ name: 'pypi', type: 'fqdn', destination: 'pypi.org' }];
  const spec = specOf('churn1', { outboundRules });
  const methods = byMethod(spec, (one) => criticalPath(recordSequence(one)));
  const plan = planOf(refNamed('churn1'), spec, { ...facts, methods }, duration);
  const [own, network] = plan.methods;
  expect(plan.methods.map(({ isolation }) => isolation)).toEqual(['privateEndpoints', 'managedNetwork']);
  expect(own!.perHour).toBe(plan.cost.perHour);
  expect(network!.perHour - own!.perHour).toBeCloseTo(0.445, 6);
  expect(network!.minSeconds).toBeGreaterThan(own!.minSeconds);
  expect(planWith().methods).toEqual([]);
});

it('an environment costs by the hour what its plan says', () => {
  const { cost } = planWith({ instanceCount: 3 });
  const { amount, currency, priceListDate } = hourlyCostOf(refNamed('churn1'), specOf('churn1', { instanceCount: 3 }));
  expect([amount, currency, priceListDate]).toEqual([cost.perHour, cost.currency, cost.priceList.date]);
  expect(amount).toBeGreaterThan(hourlyCostOf(refNamed('churn1'), specOf('churn1')).amount);
});
