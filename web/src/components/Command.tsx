import { CopyButton } from './CopyButton.tsx';
import styles from './Command.module.css';

/** A command to copy. */
export function Command({ text }: { text: string }) {
  return (
    <div className={styles['command']}>
      {/* scrollable, therefore reachable by the keyboard */}
      <pre tabIndex={0} aria-label="Command">
        {text}
      </pre>
      <CopyButton text={text} what="command" />
    </div>
  );
}
