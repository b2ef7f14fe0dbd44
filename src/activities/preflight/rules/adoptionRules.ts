import { groupName } from '../../../domain/naming.ts';
import { plannedResource, subnetName } from '../../../domain/resources.ts';
import type { ResourceKey } from '../../../domain/resourceKeys.ts';
import type { EnvironmentFacts } from '../facts.ts';
import { defineRule, observation } from '../rule.ts';
import type { Observation, Rule } from '../rule.ts';

const source = 'docs/adopt.md';

/** Without them, a group has no environment of that suffix: Moat would create another one beside what is there. */
const required: readonly ResourceKey[] = ['virtualNetwork', 'storageAccount', 'vault', 'registry', 'workspace'];

const blocks = (message: string, remedy: string): Observation => observation('blocks', message, remedy);

/** The environment is in the group, under the names of its suffix. */
const adoptedExists = defineRule({
  id: 'ADOPT',
  title: 'A group that the spec adopts has an environment of that suffix',
  reads: [],
  severities: ['blocks'],
  source,
  check({ environment: { ref, spec, groupExists, adoption } }) {
    if (!spec.adopt) return [];
    const group = groupName(ref);
    if (!groupExists)
      return [blocks(`resource group ${group} does not exist`, 'POST with the name of the group as "resourceGroup"')];
    if (!adoption) return [];
    const missing = required.filter((key) => !adoption.existing.includes(key));
    if (missing.length === 0) return [];
    const names = missing.map((key) => `${plannedResource(ref, key).title} ${plannedResource(ref, key).name}`);
    const remedy = `POST with the suffix of the existing names as "suffix": az resource list --resource-group ${group} --query "[].name"`;
    return [blocks(`resource group ${group} has no ${names.join(', no ')}`, remedy)];
  },
});

/** Moat has one subnet, one endpoint and one deployment: whatever else there is would be deleted without being shown as such. */
const adoptedFits = defineRule({
  id: 'ADOPT-FIT',
  title: 'What the spec adopts has one subnet, one endpoint and one deployment, as Moat has',
  reads: [],
  severities: ['blocks'],
  source,
  check({ environment: { ref, adoption } }) {
    if (!adoption) return [];
    const { endpoints, deployments, shown } = adoption;
    const subnets = (shown.differences['virtualNetwork'] ?? [])
      .filter(({ member, desired }) => /^subnets\.[^.]+$/.test(member) && desired === null)
      .map(({ member }) => member.replace('subnets.', ''));
    const network = plannedResource(ref, 'virtualNetwork');
    return [
      ...subnets.map((name) =>
        blocks(
          `${network.title} ${network.name} has the subnet ${name} beside ${subnetName}: a run would delete it`,
          `az network vnet subnet delete --ids ${network.id}/subnets/${name}`,
        ),
      ),
      ...(endpoints.length > 1
        ? [
            blocks(
              `the workspace has ${endpoints.length} online endpoints: ${endpoints.map(nameOf).join(', ')}`,
              endpoints.map((id) => `az resource delete --ids ${id}`).join(' or '),
            ),
          ]
        : []),
      ...(deployments.length > 1
        ? [
            blocks(
              `the online endpoint has ${deployments.length} deployments: ${deployments.map(nameOf).join(', ')}`,
              deployments.map((id) => `az resource delete --ids ${id}`).join(' or '),
            ),
          ]
        : []),
    ];
  },
});

const nameOf = (id: string): string => id.split('/').at(-1)!;

/** The proof fails on any public address but that of the NAT gateway: better before anything is changed. */
const noPublicAddress = defineRule({
  id: 'ADOPT-ADDRESS',
  title: 'Nothing that the spec adopts has a public IP address',
  reads: [],
  severities: ['blocks'],
  source,
  check({ environment: { adoption } }) {
    const addresses = (adoption?.shown.others ?? []).filter(({ type }) => /\/publicIPAddresses$/i.test(type));
    return addresses.map(({ id }) =>
      blocks(
        `public IP address ${nameOf(id)}: an environment with it cannot be proved isolated`,
        `detach it, then delete it: az network nic update --ids $(az network public-ip show --ids ${id} --query "ipConfiguration.id" --output tsv | sed "s#/ipConfigurations/.*##") --remove "ipConfigurations[0].publicIPAddress"; az network public-ip delete --ids ${id}`,
      ),
    );
  },
});

/** What is to be deleted with the environment can be: it is in the group, Moat deletes such resources, and nothing else is in it. */
const takenOver = defineRule({
  id: 'ADOPT-TAKE',
  title: 'What the spec takes over is in the group, and of a type that Moat deletes',
  reads: [],
  severities: ['blocks'],
  source,
  check({ environment: { ref, spec, inventory, adoption } }) {
    if (!adoption) return [];
    return (spec.takeOver ?? []).flatMap((id) => {
      const wanted = id.toLowerCase();
      const found = adoption.shown.others.find((one) => one.id.toLowerCase() === wanted);
      const inside = inventory.filter(
        (one) => one.toLowerCase().startsWith(`${wanted}/`) && !isTakenOver(spec.takeOver, one),
      );
      if (!found)
        return [blocks(`${id} is not among the other resources of ${groupName(ref)}`, 'POST without it in "takeOver"')];
      if (found.teardown === 'stays')
        return [blocks(`${id} is of a type that Moat does not delete: ${found.type}`, 'POST without it in "takeOver"')];
      return inside.map((one) => blocks(`${one} is in ${id} and not taken over`, 'POST with both in "takeOver"'));
    });
  },
});

const isTakenOver = (ids: readonly string[] = [], id: string): boolean =>
  ids.some((one) => one.toLowerCase() === id.toLowerCase());

/** Nothing is changed that the plan did not show. */
const unchangedSincePlan = defineRule({
  id: 'ADOPT-PLAN',
  title: 'What the spec adopts is as the plan has shown it',
  reads: [],
  severities: ['blocks'],
  source,
  check({ environment: { ref, spec, adoption } }) {
    if (!adoption || spec.adoptionDigest === undefined) return [];
    if (spec.adoptionDigest === adoption.shown.digest && adoption.idsAreKnown) return [];
    return [
      blocks(
        `the resources of ${groupName(ref)} have changed since the plan, or the plan was of another body`,
        'POST /plans with the same body, and POST the environment with the new "adoptionDigest"',
      ),
    ];
  },
});

/** The teardown deletes nothing else, so it cannot delete the group. */
const othersStay = defineRule({
  id: 'ADOPT-STAY',
  title: 'Every resource of the adopted group is the environment’s',
  reads: [],
  severities: ['warns'],
  source,
  check({ environment: { adoption } }: { environment: EnvironmentFacts }) {
    const others = (adoption?.shown.others ?? []).filter(({ teardown }) => teardown === 'stays');
    return others.map(({ id, command }) =>
      observation(
        'warns',
        `${id} stays: Moat neither changes nor deletes it, and the teardown is blocked until it is deleted`,
        `${command}; or POST with its id in "takeOver"`,
      ),
    );
  },
});

/** What an adopted group must have, and must not have. */
export const adoptionRules: readonly Rule[] = [
  adoptedExists,
  adoptedFits,
  noPublicAddress,
  takenOver,
  unchangedSincePlan,
  othersStay,
];
