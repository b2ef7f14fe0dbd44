import { fieldId } from './FormContext.ts';
import type { FieldErrors } from './requestBody.ts';
import { labelOf } from './specSchema.ts';
import styles from './Plan.module.css';

/** Errors, each with a link to its field. */
export function FieldErrorList({ errors }: { errors: FieldErrors }) {
  return (
    <ul className={styles['errors']}>
      {Object.entries(errors).map(([pointer, message]) => (
        <li key={pointer}>
          <a
            href={`#${fieldId(pointer)}`}
            onClick={(event) => {
              event.preventDefault();
              const field = document.querySelector<HTMLElement>(`#${fieldId(pointer)}`);
              field?.closest('details')?.setAttribute('open', '');
              field?.focus();
            }}
          >
            {pointer.slice(1).split('/').map(labelOf).join(' › ')}
          </a>{' '}
          {message}
        </li>
      ))}
    </ul>
  );
}
