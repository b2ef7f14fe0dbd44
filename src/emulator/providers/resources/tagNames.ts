import type { Cloud, JsonObject, SubscriptionRoute } from '../../arm/model.ts';

/** How often each value of each tag occurs on the groups and resources of a subscription. */
function countTags(cloud: Cloud, subscription: string): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { tags } of cloud.descendants(subscription))
    for (const [name, value] of Object.entries(tags ?? {})) {
      const values = counts.get(name) ?? new Map<string, number>();
      counts.set(name, values.set(value, (values.get(value) ?? 0) + 1));
    }
  return counts;
}

const total = (value: number): JsonObject => ({ type: 'Total', value });

/** `GET {subscription}/tagNames`: what `az tag list` shows. */
export const tagNameRoutes: SubscriptionRoute[] = [
  {
    method: 'GET',
    path: '/tagNames',
    handle: (cloud, { subscriptionId }) => {
      const base = `/subscriptions/${subscriptionId}/tagNames`;
      const value = [...countTags(cloud, `/subscriptions/${subscriptionId}`)].map(([tagName, values]) => ({
        id: `${base}/${tagName}`,
        tagName,
        count: total([...values.values()].reduce((sum, count) => sum + count, 0)),
        values: [...values].map(([tagValue, count]) => ({
          id: `${base}/${tagName}/tagValues/${tagValue}`,
          tagValue,
          count: total(count),
        })),
      }));
      return { status: 200, body: { value } };
    },
  },
];
