import { jsonError } from './jsonError.ts';
import JsonText from './JsonText.tsx';
import styles from './JsonEditor.module.css';

interface JsonEditorProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
}

/** A text of JSON with its label, its mistakes marked and named. To be loaded lazily: it is large. */
export default function JsonEditor({ label, value, onChange }: JsonEditorProps) {
  const error = jsonError(value);
  return (
    <div className={styles['field']}>
      <span className={styles['label']} aria-hidden="true">
        {label}
      </span>
      <JsonText label={label} value={value} error={error} onChange={onChange} />
      <p role="status" className={styles['error']}>
        {error}
      </p>
    </div>
  );
}
