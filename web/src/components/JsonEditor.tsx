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
  return (
    <div className={styles['field']}>
      <span className={styles['label']} aria-hidden="true">
        {label}
      </span>
      <JsonText label={label} value={value} onChange={onChange} />
      <p role="status" className={styles['error']}>
        {jsonError(value)}
      </p>
    </div>
  );
}
