import type { ButtonHTMLAttributes } from 'react';
import styles from './Button.module.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'primary' | 'plain' | 'danger';
  /** what is being done; the button stays where it is and cannot be pressed meanwhile */
  busy?: string | undefined;
}

/** A button that shows its own progress. */
export function Button({ kind = 'plain', busy, children, disabled, className = '', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy !== undefined}
      className={`${styles['button']} ${styles[kind]} ${className}`}
    >
      {busy ?? children}
    </button>
  );
}

/** The classes of a button, for a link that acts as one. */
export const buttonClass = (kind: 'primary' | 'plain'): string => `${styles['button']} ${styles[kind]}`;
