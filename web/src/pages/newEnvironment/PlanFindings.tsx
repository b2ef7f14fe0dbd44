import type { ReactNode } from 'react';
import type { Finding } from '../../../../src/client/index.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { icons } from '../../components/icons.tsx';
import styles from './Plan.module.css';

type Severity = Finding['severity'];

/** In the order in which they are shown; a hue and a shape for each. */
const severities: Record<Severity, { icon: ReactNode; title: string }> = {
  blocks: { icon: icons.cross, title: 'Blocks' },
  warns: { icon: icons.warning, title: 'Warnings' },
  unknown: { icon: icons.question, title: 'Could not be checked' },
  assumed: { icon: icons.info, title: 'Assumed: no API of Azure reports it' },
};

/** What was found, the gravest first. What is only assumed is folded. */
export function PlanFindings({ findings }: { findings: readonly Finding[] }) {
  return (Object.keys(severities) as Severity[]).map((severity) => {
    const found = findings.filter((finding) => finding.severity === severity);
    if (found.length === 0) return null;
    const { icon, title } = severities[severity];
    return (
      <details key={severity} className={styles['section']} open={severity !== 'assumed'}>
        <summary className={styles[severity]}>
          {icon} {title} ({found.length})
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
