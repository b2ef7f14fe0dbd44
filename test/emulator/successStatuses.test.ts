import { expect, test } from 'vitest';
import { parseTarget } from '../../src/emulator/arm/ids.ts';
import { documentedStatuses } from '../../src/emulator/arm/successStatuses.ts';
import { types as emptyCollections } from '../../src/emulator/providers/emptyCollections.ts';
import { typeRegistry } from '../../src/emulator/providers/typeRegistry.ts';
import { send, useArm } from './armHarness.ts';
import { operationTable } from './operationTable.ts';

const arm = useArm('optable', { timeScale: 1 / 20_000 });

/** Types that are only read, views of other resources, and what needs a policy of the control route. */
const readOnly =
  /\/(permissions|policyAssignments|policyExemptions|extensions|scopeMaps|defaultSecurityRules|privateEndpointConnections|privateLinkResources|ipConfigurations|ALL|SOA)$/i;

/** Its model and image do not exist, so its operations end Failed. */
const failing = /\/deployments\/blue$/;

const typeOf = (id: string): string => parseTarget(id)?.type ?? '';

test('every type that can be written has its statuses stated, and is in the table of this test', () => {
  const empty = emptyCollections.map(({ type }) => type);
  const types = [...typeRegistry.values()].map(({ type }) => type);
  const written = types.filter((type) => !readOnly.test(type) && !empty.includes(type));
  const tried = operationTable(arm).map(({ id }) => typeOf(id).toLowerCase());
  expect(written.filter((type) => !documentedStatuses(type))).toEqual([]);
  expect(written.filter((type) => !tried.includes(type.toLowerCase()))).toEqual([]);
});

/** The states that the client of Terraform's azurerm takes for running; any other is an error to it (hashicorp/go-azure-sdk, poller_lro.go). */
const runningStates = /^(InProgress|Creating|Updating|Running)$/;

/** Polls an address as that client does, and throws where it would. */
async function pollToTheEnd(url: string): Promise<void> {
  const { pathname, search } = new URL(url);
  for (;;) {
    const { status, text, body, headers } = await send(arm.emulator, 'GET', pathname + search);
    if (status === 204 || (status === 200 && headers['content-length'] === '0')) return;
    if (status === 202) continue;
    const state = body?.status ?? body?.properties?.provisioningState;
    if (status === 200 && state === 'Succeeded') return;
    if (status !== 200 || !runningStates.test(state)) throw new Error(`GET ${pathname}: ${status} ${text}`);
  }
}

test('each write of each type is answered with the status that Azure documents for it, and polled to its end', async () => {
  const table = operationTable(arm);
  const answered = new Map<string, (number | '-')[]>(table.map(({ id }) => [id, ['-', '-', '-', '-', '-']]));
  const write = async (at: number, method: string, id: string, body?: object): Promise<void> => {
    const { statuses } = table.find((row) => row.id === id)!;
    if (statuses.split(' ')[at] === '-') return;
    const reply = await arm.send(method, id, body);
    answered.get(id)![at] = reply.status;
    const url = reply.headers['azure-asyncoperation'] ?? reply.headers['location'];
    if (url !== undefined && !failing.test(id)) await pollToTheEnd(url);
    await arm.untilSettled(id);
  };
  for (const { id, body } of table) {
    await write(0, 'PUT', id, body);
    await write(1, 'PUT', id, body);
    await write(2, 'PATCH', id, { tags: { team: 'ml' } });
  }
  for (const { id } of table.toReversed()) {
    await write(3, 'DELETE', id);
    await write(4, 'DELETE', id);
  }
  const lines = [...answered].map(([id, statuses]) => `${typeOf(id)}: ${statuses.join(' ')}`);
  expect(lines).toEqual(table.map(({ id, statuses }) => `${typeOf(id)}: ${statuses}`));
  for (const { id, statuses, documented } of table) {
    const [put, , patch, del] = statuses.split(' ');
    const [puts, patches, deletes] = documented.split(' ').map((codes) => ['-', ...codes.split('/')]);
    expect([puts, patches, deletes], typeOf(id)).toEqual([
      expect.arrayContaining([put]),
      expect.arrayContaining([patch]),
      expect.arrayContaining([del]),
    ]);
  }
});
