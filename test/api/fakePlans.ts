import type { Spec } from '../../src/domain/environment.ts';
import { environmentRefOf } from '../../src/domain/naming.ts';
import { planOf } from '../../src/domain/plan.ts';
import type { Plan, PlanFacts } from '../../src/domain/plan.ts';
import type { Plans } from '../../src/temporal/contracts.ts';

const subscriptionId = '11111111-2222-4333-8444-555555555555';

/** Plans without a worker: the test sets what it would find. */
export class FakePlans implements Plans {
  facts: PlanFacts = { findings: [], existing: {}, seconds: { min: 600, max: 1200 } };
  problem: Error | undefined;
  readonly planned: Spec[] = [];

  async plan(spec: Spec): Promise<Plan> {
    if (this.problem) throw this.problem;
    this.planned.push(spec);
    const ref = environmentRefOf(subscriptionId, spec);
    return planOf(ref, spec, this.facts, { minSeconds: 600, maxSeconds: 1200, source: 'table', runs: 0 });
  }
}
