import type { Environment } from '../../../../src/client/index.ts';
import { Duration } from '../../components/Duration.tsx';
import { durationText } from '../../components/durationText.ts';
import { StateMark } from '../../components/StateMark.tsx';
import { TextWithTimes } from '../../components/TextWithTimes.tsx';
import { statusOf } from './status.ts';
import type { Status } from './status.ts';
import styles from './StatusLine.module.css';

/** The state, and what the environment waits for, in one sentence. */
export function StatusLine({ environment }: { environment: Environment }) {
  const status = statusOf(environment);
  const { text, since, detail, step, isBroken } = status;
  return (
    <div className={styles['line']} data-changing={since !== null || undefined}>
      <StateMark state={environment.state} />
      <p className={isBroken ? styles['broken'] : undefined}>
        {text}
        {since !== null && (
          <>
            {' for '}
            <Duration from={since} to={null} />
          </>
        )}
        {detail !== undefined && (
          <>
            {': '}
            <TextWithTimes text={detail} />
          </>
        )}
        {step && <Usual step={step} />}
      </p>
      {/* without the durations, which change every second */}
      <p role="status" className="visually-hidden">
        {`${environment.name} is ${environment.state}: ${text}`}
      </p>
    </div>
  );
}

/** How long the step usually takes, and where that is known from. */
function Usual({ step: { usual } }: { step: NonNullable<Status['step']> }) {
  if (!usual) return null;
  const [min, max] = [usual.minSeconds, usual.maxSeconds].map((seconds) => durationText(seconds * 1_000));
  const basis = usual.source === 'history' ? `by ${usual.runs} runs` : 'an estimate';
  return (
    <span className={styles['usual']}>
      {`; the step usually takes ${min === max ? max : `${min} to ${max}`} (${basis})`}
      {usual.unusual && <strong className={styles['unusual']}>; unusually long</strong>}
    </span>
  );
}
