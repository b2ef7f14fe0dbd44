import { expect, test } from 'vitest';
import { isSealed, sealOf, tagOf, wireTags } from '../../src/activities/resources/ownershipSeal.ts';

const environment = { subscriptionId: '5F0E1D6C-3b6a-4b52-9d1e-0a7c4e2f8b90', name: 'churn1' };
const seal = sealOf('key', environment);

test('A group carries its own seal, and no other group’s, installation’s or subscription’s.', () => {
  expect(isSealed('key', environment, { 'moat-seal': seal })).toBe(true);
  expect(isSealed('another key', environment, { 'moat-seal': seal })).toBe(false);
  expect(isSealed('key', { ...environment, name: 'churn2' }, { 'moat-seal': seal })).toBe(false);
  expect(isSealed('key', { ...environment, subscriptionId: 'other' }, { 'moat-seal': seal })).toBe(false);
});

test('A tagged group without a valid seal is not sealed.', () => {
  expect(isSealed('key', environment, {})).toBe(false);
  expect(isSealed('key', environment, { 'moat-environment': 'churn1', 'moat-seal': '' })).toBe(false);
});

test('The case of subscription and tag name is ignored.', () => {
  const lower = { ...environment, subscriptionId: environment.subscriptionId.toLowerCase() };
  expect(isSealed('key', lower, { 'Moat-Seal': seal })).toBe(true);
  expect(tagOf({ 'MOAT-OWNER': 'ana' }, 'moat-owner')).toBe('ana');
});

test('Tags are set by their wire names, and null removes one.', () => {
  const tags = wireTags({ environment: 'churn1', markedAt: null, expiresAt: '2026-11-23T18:00:00.000Z' });
  expect(tags.set).toEqual({ 'moat-environment': 'churn1', 'moat-expires-at': '2026-11-23T18:00:00.000Z' });
  expect(tags.removed).toEqual(['moat-marked-at']);
});
