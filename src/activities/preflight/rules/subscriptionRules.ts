import { defineRule, observation } from '../rule.ts';

/** PF-01: the subscription exists and is enabled. */
export const enabledSubscription = defineRule({
  id: 'PF-01',
  title: 'The subscription exists and is enabled',
  reads: ['subscription'],
  severities: ['blocks'],
  source: 'the article: prerequisites; Azure docs: subscription states',
  check({ subscription: { state }, environment: { ref } }) {
    if (state === 'Enabled') return [];
    const message = `subscription ${ref.subscriptionId} is ${state ?? 'in an unknown state'}`;
    return [observation('blocks', message, 'set AZURE_SUBSCRIPTION_ID to an enabled subscription')];
  },
});

/** The subscription is not disabled in the middle of a run, when its credit is used. */
export const noSpendingLimit = defineRule({
  id: 'SPENDING-LIMIT',
  title: 'The subscription has no spending limit',
  reads: ['subscription'],
  severities: ['warns'],
  source: 'Azure docs: Azure spending limit; REST reference: subscriptions, get',
  check({ subscription: { subscriptionPolicies }, environment: { ref } }) {
    if (subscriptionPolicies?.spendingLimit !== 'On') return [];
    const message = `subscription ${ref.subscriptionId} has a spending limit: Azure disables it when its credit is used`;
    return [
      observation('warns', message, 'remove the spending limit (Azure portal, Subscriptions), or check the credit'),
    ];
  },
});

const toleratedSkewMs = 60_000;

/** Leases expire by this machine's clock, so it must agree with Azure's. */
export const clock = defineRule({
  id: 'CLOCK',
  title: "This machine's clock agrees with Azure's within a minute: leases expire by it",
  reads: ['clockSkewMs'],
  severities: ['warns'],
  source: 'RFC 9110: the header Date; 60 seconds is the limit of Moat',
  check({ clockSkewMs }) {
    if (Math.abs(clockSkewMs) <= toleratedSkewMs) return [];
    const message = `this machine's clock is ${Math.round(Math.abs(clockSkewMs) / 1000)} s ${clockSkewMs > 0 ? 'behind' : 'ahead of'} Azure's`;
    return [observation('warns', message, 'synchronise the clock (chrony, timesyncd)')];
  },
});
