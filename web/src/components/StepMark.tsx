import type { StepProgress } from '../../../src/client/index.ts';
import { icons } from './icons.tsx';
import styles from './StateMark.module.css';

/** A hue and a shape for every state of a step. */
const marks: Record<StepProgress['state'], { icon: keyof typeof icons; hue: string }> = {
  pending: { icon: 'ring', hue: 'quiet' },
  running: { icon: 'dot', hue: 'running' },
  retrying: { icon: 'retry', hue: 'warning' },
  succeeded: { icon: 'check', hue: 'good' },
  failed: { icon: 'cross', hue: 'bad' },
  skipped: { icon: 'dash', hue: 'quiet' },
};

/** The state of a step; the word is for screen readers. */
export function StepMark({ state }: { state: StepProgress['state'] }) {
  const { icon, hue } = marks[state];
  return (
    <span className={`${styles['mark']} ${styles[hue]}`}>
      {icons[icon]}
      <span className="visually-hidden">{state}</span>
    </span>
  );
}
