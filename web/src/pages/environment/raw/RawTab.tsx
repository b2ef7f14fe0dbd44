import { Command } from '../../../components/Command.tsx';
import { CopyButton } from '../../../components/CopyButton.tsx';
import type { TabProps } from '../tabs.tsx';
import styles from './RawTab.module.css';

/** The environment as the API answers it, and the command that gets it. */
export default function RawTab({ environment }: TabProps) {
  const json = JSON.stringify(environment, null, 2);
  return (
    <div className={styles['raw']}>
      <Command text={`curl ${window.location.origin}/environments/${environment.name}`} />
      <div className={styles['head']}>
        <h2>As the API answers it</h2>
        <CopyButton text={json} what="JSON" />
      </div>
      <pre className={styles['json']} tabIndex={0} aria-label="JSON">
        {json}
      </pre>
    </div>
  );
}
