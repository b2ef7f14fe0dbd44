import type { ReactNode } from 'react';
import type { Finding } from '../../../../src/client/index.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { icons } from '../../components/icons.tsx';
import styles from './Plan.module.css';

type Severity = Finding['severity'];

/** In the order in which they are shown; a hue and a shape for each. */
const severities: Record<Severity, { icon: ReactNode; text: (count: number) => string }> = {
  blocks: { icon: icons.cross, text: (count) => `${count} ${count === 1 ? 'blocks' : 'block'}` },
  warns: { icon: icons.warning, text: (count) => `${count} ${count === 1 ? 'warning' : 'warnings'}` },
  unknown: { icon: icons.question, text: (count) => `${count} could not be checked` },
  assumed: { icon: icons.info, text: (count) => `${count} assumed, because no API of Azure reports it` },
};

/** What was found, the gravest first. What is only assumed is folded. */
export function PlanFindings({ findings }: { findings: readonly Finding[] }) {
  return (Object.keys(severities) as Severity[]).map((severity) => {
    const found = findings.filter((finding) => finding.severity === severity);
    if (found.length === 0) return null;
    const { icon, text } = severities[severity];
    return (
      <details key={severity} className={styles['section']} open={severity !== 'assumed'}>
        <summary className={styles[severity]}>
          {icon} {text(found.length)}
        </summary>
        <ul className={styles['findings']}>
          {found.map((finding) => (
            <FindingItem key={finding.rule + finding.message} finding={finding} />
          ))}
        </ul>
      </details>
    );
  });
}

function FindingItem({ finding: { rule, severity, message, remedy } }: { finding: Finding }) {
  return (
    <li className={styles[severity]}>
      <p>
        <code>{rule}</code> {message}
      </p>
      {remedy !== '' && (
        <p className={styles['remedy']}>
          <span>
            <strong>Remedy:</strong> {remedy}
          </span>
          <CopyButton text={remedy} what="remedy" />
        </p>
      )}
    </li>
  );
}
