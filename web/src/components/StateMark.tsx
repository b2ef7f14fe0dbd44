import type { Environment } from '../../../src/client/index.ts';
import { icons } from './icons.tsx';
import styles from './StateMark.module.css';

type State = Environment['state'];

/** A hue and a shape for every state, so that neither is the only sign. */
const marks: Record<State, { icon: keyof typeof icons; hue: string }> = {
  provisioning: { icon: 'dot', hue: 'running' },
  ready: { icon: 'check', hue: 'good' },
  failed: { icon: 'cross', hue: 'bad' },
  cancelled: { icon: 'dash', hue: 'quiet' },
  expired: { icon: 'clock', hue: 'warning' },
  deleting: { icon: 'bin', hue: 'running' },
  blocked: { icon: 'pause', hue: 'bad' },
  deleted: { icon: 'ring', hue: 'quiet' },
};

/** The state of an environment; `iconOnly` where the word is beside it. */
export function StateMark({ state, iconOnly = false }: { state: State; iconOnly?: boolean }) {
  const { icon, hue } = marks[state];
  return (
    <span className={`${styles['mark']} ${styles[hue]}`}>
      {icons[icon]}
      <span className={iconOnly ? 'visually-hidden' : undefined}>{state}</span>
    </span>
  );
}
