import { createExisting } from '../test/e2e/support/existingResources.ts';
import type { createArmClient } from '../test/e2e/support/arm.ts';
import type { Ids } from '../test/e2e/support/existingResources.ts';
import type { EmulatedResource, EmulatorControl } from './emulatorControl.ts';
import { subscriptionId } from './installation.ts';
import { shortId } from './invariants.ts';
import type { Finding } from './invariants.ts';
import { locations } from './plan.ts';
import type { PlannedScenario } from './plan.ts';
import { broughtSets } from './variants.ts';

const isOf = (group: string, id: string): boolean => `${id}/`.toLowerCase().startsWith(`${group}/`.toLowerCase());

const finding = (id: string, what: string): Finding => ({
  kind: 'brought',
  name: '',
  detail: `${what}: ${shortId(id)}`,
});

/** The resources of teams that environments use: what they were before, and what has become of them. */
export function createTeams(arm: ReturnType<typeof createArmClient>, emulator: EmulatorControl) {
  const teams: Ids[] = [];
  let before = new Map<string, string>();
  const isTeams = ({ id }: EmulatedResource): boolean => teams.some(({ group }) => isOf(group, id));

  async function snapshot(): Promise<Map<string, string>> {
    const resources = (await emulator.resources()).filter(isTeams);
    return new Map(resources.map((resource) => [resource.id.toLowerCase(), JSON.stringify(resource)]));
  }

  return {
    /** Creates the resources of as many teams, whose locations take turns. */
    async create(count: number): Promise<void> {
      const subscription = `/subscriptions/${subscriptionId}`;
      for (let n = 0; n < count; n++) {
        const location = locations[n % locations.length]!;
        teams.push(await createExisting(arm, `team${n}`, { subscription, location }));
      }
      before = await snapshot();
    },
    isTeams,
    /** The member `existing` of a scenario's spec. */
    existingOf({ team, brought }: Pick<PlannedScenario, 'team' | 'brought'>): { existing?: Partial<Ids> } {
      const ids = teams[team];
      if (!ids || brought === 'none') return {};
      return { existing: Object.fromEntries(broughtSets[brought].map((member) => [member, ids[member]])) };
    },
    /** What differs from the beginning: nothing, once every environment is deleted. */
    async differences(): Promise<Finding[]> {
      const now = await snapshot();
      return [
        ...[...before].flatMap(([id, text]) =>
          now.has(id) ? (now.get(id) === text ? [] : [finding(id, 'changed')]) : [finding(id, 'deleted')],
        ),
        ...[...now.keys()].filter((id) => !before.has(id)).map((id) => finding(id, 'left behind')),
      ];
    },
  };
}

export type Teams = ReturnType<typeof createTeams>;
