import { sleep } from '@temporalio/workflow';
import type { Site } from '../domain/naming.ts';
import { buildInternetRule } from '../domain/resources.ts';
import { read, told, write } from './arm.ts';
import { anotherTry } from './failure.ts';

/** A deletion that ended Failed for a passing reason is begun again this often. */
const maximumTries = 5;

/** Removes the rule that set-up and image build need; done already is success. */
export async function closeInternet(site: Site): Promise<void> {
  const { id } = buildInternetRule(site);
  for (let tries = 1; ; tries++) {
    try {
      const { token, state } = await write.deleteResource.executeWithOptions(
        told('image', 'close the build-time Internet rule'),
        [{ site, id, look: true }],
      );
      if (state === 'gone') return;
      const awaited = told('image', 'await that the Internet is closed');
      return await read.observeGone.executeWithOptions(awaited, [{ id, token }]);
    } catch (error) {
      const again = anotherTry(error);
      if (!again || tries === maximumTries) throw error;
      await sleep(Math.max(1, again.afterMs));
    }
  }
}
