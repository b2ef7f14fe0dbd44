import type { Environment, StepProgress } from '../../../../../../src/client/index.ts';
import { Duration } from '../../../../components/Duration.tsx';
import { withLocalTimes } from '../../../../components/durationText.ts';
import { icons } from '../../../../components/icons.tsx';
import { StepMark } from '../../../../components/StepMark.tsx';
import { TextWithTimes } from '../../../../components/TextWithTimes.tsx';
import { countText } from '../../resources.ts';
import { ResourceRow } from './ResourceRow.tsx';
import styles from './StepList.module.css';

interface StepRowProps {
  environment: Environment;
  step: StepProgress;
  title: string;
  isOpen: boolean;
  onToggle: () => void;
}

/** A step: a row of one height, whatever happens, and its resources when it is unfolded. */
export function StepRow({ environment, step, title, isOpen, onToggle }: StepRowProps) {
  const { id, state, message, since, finishedAt, attempt, resources } = step;
  const details = `step-${id}`;
  return (
    <li id={`${details}-row`} data-steady={id}>
      <button
        type="button"
        className={styles['step']}
        aria-expanded={isOpen}
        aria-controls={details}
        onClick={onToggle}
      >
        <span className={styles['chevron']}>{icons.chevron}</span>
        <StepMark state={state} />
        <span className={styles['id']}>{id}</span>
        <span className={styles['text']}>{message === null ? title : withLocalTimes(message)}</span>
        <span className={styles['count']}>{resources.length > 0 && countText(resources.length, 'resource')}</span>
        <span className={styles['attempt']}>{attempt > 1 && `attempt ${attempt}`}</span>
        <span className={styles['duration']}>{since !== null && <Duration from={since} to={finishedAt} />}</span>
      </button>
      {isOpen && (
        <div id={details} className={styles['details']}>
          {message !== null && (
            <>
              <p>{title}</p>
              <p>
                <TextWithTimes text={message} />
              </p>
            </>
          )}
          {resources.length === 0 && <p className={styles['none']}>No resources yet.</p>}
          {resources.map((resource) => (
            <ResourceRow key={resource.id} environment={environment} resource={resource} />
          ))}
        </div>
      )}
    </li>
  );
}
