import type { SweepSummary } from '../../../../src/client/index.ts';
import { icons } from '../../components/icons.tsx';
import styles from '../../components/StateMark.module.css';

const marks: Record<SweepSummary['state'], { icon: keyof typeof icons; hue: string }> = {
  running: { icon: 'dot', hue: 'running' },
  completed: { icon: 'check', hue: 'good' },
  stopped: { icon: 'pause', hue: 'bad' },
  off: { icon: 'dash', hue: 'quiet' },
  failed: { icon: 'cross', hue: 'bad' },
};

/** The state of a sweep, with a hue and a shape. */
export function SweepMark({ state }: { state: SweepSummary['state'] }) {
  const { icon, hue } = marks[state];
  return (
    <span className={`${styles['mark']} ${styles[hue]}`}>
      {icons[icon]}
      <span>{state}</span>
    </span>
  );
}
