import { sourceKey } from './draft.ts';
import { useForm } from './FormContext.ts';
import styles from './Form.module.css';

/** Changes whether a half of the sample is JSON in the form or a file of the repository. `pointer`: of the half as JSON. */
export function SourceButton({ pointer, source }: { pointer: string; source: 'json' | 'file' }) {
  const { change } = useForm();
  return (
    <button type="button" className={styles['source']} onClick={() => change(sourceKey(pointer), source)}>
      {source === 'file' ? 'Use a file of the repository' : 'Enter JSON here'}
    </button>
  );
}
