import { useId } from 'react';
import type { Environment, RunRecord } from '../../../../../src/client/index.ts';
import { Duration } from '../../../components/Duration.tsx';
import { RunFailure } from '../../../components/Problem.tsx';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { OutcomeMark } from './OutcomeMark.tsx';
import { RunReceipt } from './RunReceipt.tsx';
import styles from './RunsTab.module.css';

interface RunItemProps {
  run: RunRecord;
  environment: Environment;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
}

/** A run in one line, and its receipt when it is unfolded. */
export function RunItem({ run, environment, isOpen, onToggle }: RunItemProps) {
  const { id, startedAt, finishedAt, outcome, failure, receipt } = run;
  const contentId = useId();
  return (
    <li>
      <div className={styles['run']}>
        <h2>
          <button
            type="button"
            className={styles['name']}
            aria-expanded={isOpen}
            aria-controls={contentId}
            onClick={() => onToggle(!isOpen)}
          >
            <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {id}
          </button>
        </h2>
        <OutcomeMark outcome={outcome} />
        <span className={styles['when']}>
          <RelativeTime time={startedAt} />
        </span>
        <Duration from={startedAt} to={finishedAt} />
      </div>
      <div id={contentId} className={styles['content']} hidden={!isOpen}>
        {isOpen && (
          <>
            {failure && failure.type !== 'Blocked' && <RunFailure failure={failure} />}
            {receipt ? (
              <RunReceipt receipt={receipt} run={run} environment={environment} />
            ) : (
              <p className={styles['note']}>
                {outcome === 'running' ? 'The receipt follows when it ends.' : 'It left no receipt.'}
              </p>
            )}
          </>
        )}
      </div>
    </li>
  );
}
