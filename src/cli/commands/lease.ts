import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { changeLease, getAbout } from '../../client/index.ts';
import type { ChangeLeaseData, Environment } from '../../client/index.ts';
import type { Api } from '../api/moatClient.ts';
import { addCommand, setAction } from '../command.ts';
import { leaseText } from './leaseText.ts';

/** Repeated after 503 with the same key, so that it has one effect. */
async function patch(api: Api, name: string, body: ChangeLeaseData['body']): Promise<Environment> {
  const headers = { 'idempotency-key': randomUUID() };
  return (await changeLease({ ...api, path: { name }, body, headers })).data;
}

const leaseLine = ({ name, lease }: Environment): string =>
  lease.protected
    ? `${name} is protected: it is never torn down. Its lease expires at ${lease.expiresAt}.`
    : `The lease of ${name} expires at ${lease.expiresAt}: ${leaseText(lease)}.`;

/** `moat extend`: renews the lease. */
export function addExtend(program: Command): void {
  const command = addCommand(program, 'extend <name> [duration]', {
    summary: 'Renew the lease of an environment, from now',
    details: "A duration is like 90m, 8h or 3d; without one, the installation's default is used.",
    examples: [
      ['moat extend churn1 4h', 'it expires four hours from now'],
      ['moat extend churn1', 'by the default duration'],
    ],
  });
  setAction(command, async ({ output, connect }, [name, duration]) => {
    const { api } = await connect();
    const ttl = duration ?? (await getAbout(api)).data.lease.defaultTtl;
    const environment = await patch(api, name!, { ttl });
    output.result(environment, [leaseLine(environment)]);
  });
}

/** `moat protect`: protects an environment from teardown, or removes the protection. */
export function addProtect(program: Command): void {
  const command = addCommand(program, 'protect <name>', {
    summary: 'Protect an environment from every teardown, or remove the protection',
    examples: [
      ['moat protect churn1 --reason "demo on Friday"', 'neither a sweep nor moat rm deletes it'],
      ['moat protect churn1 --off', 'its lease counts again'],
    ],
  })
    .option('--reason <text>', 'why, one line of at most 256 characters')
    .option('--off', 'remove the protection');
  setAction<{ reason?: string; off?: boolean }>(command, async ({ output, connect }, [name], { reason, off }) => {
    const { api } = await connect();
    const environment = await patch(api, name!, { protected: !off, ...(reason !== undefined && { reason }) });
    output.result(environment, [leaseLine(environment)]);
  });
}
