import { planOf } from '../../domain/plan.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Spec } from '../../domain/environment.ts';
import { environmentRefOf } from '../../domain/naming.ts';
import { provisioning, subscriptionId } from '../examples.ts';

const spec = provisioning.spec as Spec;

/** The plan of a new environment. */
export const plan: Plan = planOf(
  environmentRefOf(subscriptionId, spec),
  spec,
  {
    findings: [
      {
        rule: 'ML-QUOTA',
        severity: 'blocks',
        message:
          '1 × Standard_DS2_v2 needs 4 cores of standardDSv2Family in westus2 (with the 20 % that Azure reserves, 2 × 2); usage/limit: 0/3',
        remedy: 'request more quota in the Azure portal, or POST the environment with another "instanceType"',
        source: 'Azure docs: manage and increase quotas for Azure Machine Learning',
      },
    ],
    existing: {},
    seconds: { min: 0, max: 0 },
    methods: { privateEndpoints: { min: 890, max: 2640 }, managedNetwork: { min: 2100, max: 4140 } },
  },
  { minSeconds: 1380, maxSeconds: 2530, source: 'history', runs: 12 },
);
