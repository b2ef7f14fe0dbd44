import type { ButtonHTMLAttributes } from 'react';
import { Tooltip } from './Tooltip.tsx';
import styles from './Button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'plain' | 'danger';
  /** what is being done; the button stays where it is and cannot be pressed meanwhile */
  busy?: string | undefined;
  /** why the reader may not press it; it can still be focused, so that the reason can be read */
  refusal?: string | undefined;
}

/** A button that shows its own progress. */
export function Button({ kind = 'plain', busy, refusal, children, disabled, className = '', ...rest }: ButtonProps) {
  const classes = `${styles['button']} ${styles[kind]} ${className}`;
  if (refusal !== undefined)
    return (
      <Tooltip text={refusal}>
        <button type="button" aria-disabled aria-description={refusal} className={classes}>
          {children}
        </button>
      </Tooltip>
    );
  return (
    <button type="button" {...rest} disabled={disabled === true || busy !== undefined} className={classes}>
      {busy ?? children}
    </button>
  );
}

/** The classes of a button, for a link that acts as one. */
export const buttonClass = (kind: 'primary' | 'plain'): string => `${styles['button']} ${styles[kind]}`;
