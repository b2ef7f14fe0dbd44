import type { ProofRow } from '../../../../../src/client/index.ts';
import { icons } from '../../../components/icons.tsx';
import styles from '../../../components/StateMark.module.css';

type Verdict = ProofRow['verdict'];

const marks: Record<Verdict, { icon: keyof typeof icons; hue: string }> = {
  passed: { icon: 'check', hue: 'good' },
  failed: { icon: 'cross', hue: 'bad' },
  inconclusive: { icon: 'question', hue: 'warning' },
};

/** A verdict with a hue and a shape of its own. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  const { icon, hue } = marks[verdict];
  return (
    <span className={`${styles['mark']} ${styles[hue]}`}>
      {icons[icon]}
      <span>{verdict}</span>
    </span>
  );
}
