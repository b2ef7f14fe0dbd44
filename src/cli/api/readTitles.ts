import { getAbout } from '../../client/index.ts';
import type { StepTitles } from '../progress/stepTable.ts';
import type { Api } from './moatClient.ts';

/** The titles of the steps, as this Moat names them. */
export async function readTitles(api: Api): Promise<StepTitles> {
  const { data } = await getAbout(api);
  return new Map(data.steps.map(({ id, title }) => [id, title]));
}
