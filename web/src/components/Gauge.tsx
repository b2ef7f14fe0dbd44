import type { ListedStep } from '../../../src/client/index.ts';
import styles from './Gauge.module.css';

type GaugeStep = Pick<ListedStep, 'id' | 'state'>;

const isDone = ({ state }: GaugeStep): boolean => state === 'succeeded' || state === 'skipped';
const isActive = ({ state }: GaugeStep): boolean => state === 'running' || state === 'retrying' || state === 'failed';

/** The steps of a run as segments. Their shape shows the state as well as their colour: height, outline, stripes. */
export function Gauge({ steps }: { steps: readonly GaugeStep[] }) {
  const active = steps.filter(isActive).map(({ id, state }) => `${id} ${state}`);
  const isComplete = steps.every(isDone);
  const label = [`${steps.filter(isDone).length} of ${steps.length} steps done`, ...active].join(', ');
  return (
    <span className={styles['gauge']} data-complete={isComplete || undefined} role="img" aria-label={label}>
      {steps.map(({ id, state }) => (
        <span key={id} className={`${styles['segment']} ${styles[state]}`} />
      ))}
    </span>
  );
}
