import type { RunRecord } from '../../../../../src/client/index.ts';
import { icons } from '../../../components/icons.tsx';
import styles from '../../../components/StateMark.module.css';

type Outcome = RunRecord['outcome'];

const marks: Record<Outcome, { icon: keyof typeof icons; hue: string }> = {
  running: { icon: 'dot', hue: 'running' },
  succeeded: { icon: 'check', hue: 'good' },
  failed: { icon: 'cross', hue: 'bad' },
  cancelled: { icon: 'dash', hue: 'quiet' },
};

/** How a run has ended, with a hue and a shape of its own. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  const { icon, hue } = marks[outcome];
  return (
    <span className={`${styles['mark']} ${styles[hue]}`}>
      {icons[icon]}
      <span>{outcome}</span>
    </span>
  );
}
