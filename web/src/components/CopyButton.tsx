import { useEffect, useState } from 'react';
import { icons } from './icons.tsx';
import styles from './CopyButton.module.css';

/** Copies a text to the clipboard. `what`: for the label, like `command`. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'not copied: select it' | undefined>();
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timer = window.setTimeout(() => setOutcome(undefined), 2_000);
    return () => window.clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      setOutcome('not copied: select it');
    }
  };
  return (
    <button type="button" className={styles['copy']} aria-label={`Copy ${what}`} onClick={() => void copy()}>
      {icons.copy}
      <span aria-live="polite">{outcome}</span>
    </button>
  );
}
