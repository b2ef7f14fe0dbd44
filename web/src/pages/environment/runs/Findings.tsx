import type { Finding } from '../../../../../src/client/index.ts';
import { icons } from '../../../components/icons.tsx';
import marks from '../../../components/StateMark.module.css';
import styles from './RunsTab.module.css';

const severities: Record<Finding['severity'], { icon: keyof typeof icons; hue: string }> = {
  blocks: { icon: 'cross', hue: 'bad' },
  warns: { icon: 'warning', hue: 'warning' },
  unknown: { icon: 'question', hue: 'quiet' },
  assumed: { icon: 'info', hue: 'quiet' },
};

/** What the checks before the first change had found. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <section>
      <h3>Findings of the preflight</h3>
      {findings.length === 0 && <p className={styles['note']}>None.</p>}
      <ul className={styles['list']}>
        {findings.map(({ rule, severity, message, remedy }) => (
          <li key={rule + message}>
            <span className={`${marks['mark']} ${marks[severities[severity].hue]}`}>
              {icons[severities[severity].icon]} {severity}
            </span>{' '}
            <code>{rule}</code> {message.replace(`${severity}: `, '')}
            {remedy !== '' && (
              <p className={styles['note']}>
                <strong>Remedy:</strong> {remedy}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
