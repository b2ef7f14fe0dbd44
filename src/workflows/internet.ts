import type { Site } from '../domain/naming.ts';
import { buildInternetRule } from '../domain/resources.ts';
import { read, told, write } from './arm.ts';

/** Removes the rule that set-up and image build need; done already is success. */
export async function closeInternet(site: Site): Promise<void> {
  const { id } = buildInternetRule(site);
  const { token, state } = await write.deleteResource.executeWithOptions(
    told('image', 'close the build-time Internet rule'),
    [{ site, id, look: true }],
  );
  if (state !== 'gone')
    await read.observeGone.executeWithOptions(told('image', 'await that the Internet is closed'), [{ id, token }]);
}
