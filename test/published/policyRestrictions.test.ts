import { expect, test } from 'vitest';
import {
  decisiveExpressions,
  demandOf,
  evaluationHits,
  restrictionHits,
} from '../../src/activities/preflight/rules/policyAnswers.ts';
import type { RestrictionsAnswer } from '../../src/activities/preflight/rules/policyAnswers.ts';
import type { PolicyExemption } from '../../src/activities/preflight/rules/policyFacts.ts';
import { policyFindings } from '../../src/activities/preflight/rules/policyFindings.ts';
import { exampleOf } from './publishedAnswers.ts';

const subscription = '/subscriptions/d8db6de6-2b96-46af-b825-07aef2033c0b';
const published = exampleOf('policyRestrictions') as RestrictionsAnswer;
const findings = (answer: RestrictionsAnswer, exemptions: PolicyExemption[] = []) =>
  policyFindings(
    [...evaluationHits('virtual machine vm-1', answer), ...restrictionHits('virtual machine vm-1', answer)],
    {
      scope: subscription,
      assignments: [],
      exemptions,
    },
  );

test('The published answer blocks for the denied resource and the required tag, and warns for the audited tag.', () => {
  const found = findings(published);
  expect(found.map(({ severity }) => severity)).toEqual(['blocks', 'blocks', 'warns']);
  const [type, tag, audited] = found;
  expect(type!.message).toContain('policyAssignments/2FF66C37 denies virtual machine vm-1: "Resource creation of');
  expect(type!.remedy).toContain(`ask an administrator of ${subscription} for an exemption`);
  expect(type!.remedy).toContain('--policy-definition-reference-ids defref222');
  expect(tag!.message).toContain('policyAssignments/57DAC8A0 denies virtual machine vm-1: tags.newtag must be set');
  expect(audited!.message).toContain('tags.environment must be Prod or Int or Test');
});

test('An answer without an effect, as older api-versions give it, does not block.', () => {
  const [{ policyInfo, evaluationResult } = {}] = published.contentEvaluationResult?.policyEvaluations ?? [];
  const policyEvaluations = [{ ...(policyInfo ? { policyInfo } : {}), evaluationResult: evaluationResult ?? '' }];
  expect(findings({ contentEvaluationResult: { policyEvaluations } })).toMatchObject([{ severity: 'warns' }]);
});

test('A policy that Azure still reports although it is exempted only warns, until the exemption expires.', () => {
  const policyAssignmentId = `${subscription}/providers/Microsoft.Authorization/policyAssignments/2ff66c37`;
  const first = (properties: object) =>
    findings(published, [{ id: 'ex', properties: { policyAssignmentId, ...properties } }]).find(({ message }) =>
      message.includes('2FF66C37'),
    );
  expect(first({})).toMatchObject({ severity: 'warns', message: expect.stringContaining('exempted by ex') as string });
  expect(first({ policyDefinitionReferenceIds: ['DefRef222'] })).toMatchObject({ severity: 'warns' });
  expect(first({ policyDefinitionReferenceIds: ['other'] })).toMatchObject({ severity: 'blocks' });
  expect(first({ expiresOn: '2020-01-01T00:00:00Z' })).toMatchObject({ severity: 'blocks' });
});

test('What an effect does after the request, and what is compliant, is no finding.', () => {
  const policyEvaluations = [
    { evaluationResult: 'NonCompliant', effectDetails: { policyEffect: 'DeployIfNotExists' } },
    { evaluationResult: 'Compliant', effectDetails: { policyEffect: 'Deny' } },
  ];
  expect(findings({ contentEvaluationResult: { policyEvaluations } })).toEqual([]);
  expect(findings({})).toEqual([]);
});

test.each([
  ['True', 'notIn', ['eastus', 'westus'], 'location is westeurope, must be eastus or westus'],
  ['False', 'In', ['eastus', 'westus'], 'location is westeurope, must be eastus or westus'],
  ['True', 'Equals', 'westeurope', 'location is westeurope, must not be westeurope'],
  ['True', 'Exists', 'false', 'location must be set'],
  ['False', 'Exists', true, 'location must be set'],
  ['True', 'Exists', true, 'location must not be set'],
  ['True', 'LessOrEquals', 3, 'location is westeurope, must not match LessOrEquals 3'],
])('A comparison that is %s: %s %j', (result, operator, targetValue, demand) => {
  expect(demandOf({ result, expression: 'location', expressionValue: 'westeurope', operator, targetValue })).toBe(
    demand,
  );
});

test('Comparisons that do not hold count only where none holds: under a negation.', () => {
  const type = { result: 'True', expression: 'type' };
  const [holds, fails] = [
    { result: 'True', expression: 'a' },
    { result: 'False', expression: 'b' },
  ];
  expect(decisiveExpressions([type, holds, fails])).toEqual([holds]);
  expect(decisiveExpressions([type, fails])).toEqual([fails]);
});
