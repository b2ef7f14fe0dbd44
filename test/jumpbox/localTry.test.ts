import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Sample } from '../../src/domain/samples.ts';
import { jumpboxCommand } from '../../src/jumpbox/commands.ts';
import { readOutcome } from '../../src/jumpbox/commandOutcome.ts';
import { samples } from '../../src/jumpbox/sampleSources.ts';
import { ScriptMachine } from './scriptMachine.ts';
import { azAndCurl, dockerAndGit } from './stubs.ts';

let machine: ScriptMachine;
afterEach(() => machine?.remove());

/** Builds and tries in the bash, curl and jq of this machine, as on an Ubuntu jumpbox. */
async function tryImage(trySample: Sample, tools: Record<string, string> = {}) {
  const ran = await machineWith(tools).then((made) =>
    made.run(
      jumpboxCommand('buildImage', {
        clientId: 'client',
        registry: 'cr.azurecr.io',
        storageAccount: 'st',
        container: 'c',
        model: { ...samples.custom, lock: undefined, path: 'm' },
        trySample,
        sampleFiles: { ...(trySample.requestFile !== undefined && { request: trySample.requestFile }) },
        allowPrivateRepositories: false,
      }),
    ),
  );
  expect(Buffer.byteLength(ran.output)).toBeLessThan(4096);
  return () => readOutcome('buildImage', { ...ran, executionState: ran.exitCode === 0 ? 'Succeeded' : 'Failed' });
}

/** A container that colours its log, which is long and has quotes. */
const log = `${'\u001b[31mline "\\ é\u001b[0m\n'.repeat(400)}Traceback\nValueError: boom`;

async function machineWith(tools: Record<string, string>): Promise<ScriptMachine> {
  machine = await ScriptMachine.make({ ...azAndCurl, ...dockerAndGit, ...tools });
  await writeFile(join(machine.home, 'answer'), '[1.5, 2]');
  await writeFile(join(machine.home, 'log'), log);
  return machine;
}

const calls = (start: string) => machine.calls().then((all) => all.filter((call) => call.startsWith(start)));

test('the sample is posted to the container, and the receipt has its answer and log', async () => {
  const outcome = await tryImage({ request: { data: [[1]] }, expected: [1.5, 2] });
  const { localTry } = outcome();
  expect(localTry).toMatchObject({ status: 200, latencyMs: 123, bytes: 8, excerpt: '[1.5, 2]' });
  expect(localTry!.log).toMatch(/line "\\ é\n.*Traceback\nValueError: boom$/s);
  expect(localTry!.log).not.toContain('\u001b');
  const posts = (await calls('curl')).filter((call) => call.includes('http://172.18.0.2:5001/score'));
  expect(posts).toHaveLength(1);
  expect(posts[0]).toContain('Content-Type: application/json');
  expect(await calls('docker push')).toHaveLength(1);
});

test('a wrong answer is compared, nothing is pushed, and the container is removed', async () => {
  const outcome = await tryImage({ request: 1, expected: [1.5, 3] });
  expect(outcome).toThrow(
    expect.objectContaining({ type: 'WrongAnswer', log: expect.stringMatching(/ValueError: boom$/) }),
  );
  expect(outcome).toThrow('the answer differs at $[1]: expected 3, got 2');
  expect(await calls('docker push')).toEqual([]);
  expect((await calls('docker')).at(-1)).toContain('docker rm');
});

test('a container that gives no answer is reported with the error of the client', async () => {
  const curl = `if [[ $* == */score* ]]; then echo 'curl: (52) Empty reply from server' >&2; printf '000 0.1\\n'; exit 52; fi
    ${azAndCurl.curl}`;
  const outcome = await tryImage({ request: 1, expected: 1 }, { curl });
  expect(outcome).toThrow('no answer; curl: (52) Empty reply from server');
  expect(await calls('docker push')).toEqual([]);
});

test('a file of the sample that the repository does not have ends the build before the request', async () => {
  const outcome = await tryImage({ requestFile: 'none.json', expected: 1 });
  expect(outcome).toThrow('no file none.json in the repository');
  expect((await calls('curl')).filter((call) => call.includes('/score'))).toEqual([]);
});
