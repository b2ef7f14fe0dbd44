import type { Environment, ResourceProgress } from '../../../../../../src/client/index.ts';
import { icons } from '../../../../components/icons.tsx';
import { RelativeTime } from '../../../../components/RelativeTime.tsx';
import marks from '../../../../components/StateMark.module.css';
import { nameAndType } from '../../../../components/resourceName.ts';
import { portalLink } from '../../resources.ts';
import styles from './StepList.module.css';

/** A shape for ARM's states; every other one is an operation that is running. */
const endStates: Record<string, readonly [icon: keyof typeof icons, hue: string]> = {
  Succeeded: ['check', 'good'],
  Deleted: ['bin', 'quiet'],
  Failed: ['cross', 'bad'],
  Canceled: ['dash', 'quiet'],
  Blocked: ['pause', 'bad'],
};

/** A resource: what it is, ARM's state, since when, and how often its operation was tried. */
export function ResourceRow({ environment, resource }: { environment: Environment; resource: ResourceProgress }) {
  const { id, state, since, attempt } = resource;
  const { name, type } = nameAndType(id);
  const [icon, hue] = endStates[state] ?? ['dot', 'running'];
  const portal = portalLink(environment, id);
  return (
    <div className={styles['resource']} title={id}>
      <span className={`${marks['mark']} ${marks[hue]}`}>{icons[icon]}</span>
      <span className={styles['name']}>{name}</span>
      <span className={styles['type']}>{type}</span>
      <span className={styles['state']}>{state}</span>
      <span className={styles['attempt']}>{attempt !== undefined && `attempt ${attempt}`}</span>
      <span className={styles['duration']}>
        <RelativeTime time={since} />
      </span>
      <span className={styles['portal']}>
        {portal !== undefined && (
          <a href={portal} target="_blank" rel="noreferrer" aria-label={`${name} in the Azure portal`}>
            portal <span aria-hidden="true">↗</span>
          </a>
        )}
      </span>
    </div>
  );
}
