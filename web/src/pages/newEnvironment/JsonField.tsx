import { onDemand } from '../../components/onDemand.tsx';
import { Field } from './Field.tsx';
import { fieldId, useForm } from './FormContext.ts';
import { SourceButton } from './SourceButton.tsx';
import { labelOf } from './specSchema.ts';
import type { Schema } from './specSchema.ts';
import styles from './Form.module.css';

// The editor is larger than the rest of the page, and only forms of own models have one.
const JsonText = onDemand(() => import('../../components/JsonText.tsx'), <div className={styles['editor']} />);

interface JsonFieldProps {
  pointer: string;
  member: string;
  schema: Schema;
  isRequired: boolean;
  /** it can be a file of the repository instead */
  canBeFile: boolean;
}

/** A member with any JSON value, or a list of objects. */
export function JsonField({ canBeFile, ...props }: JsonFieldProps) {
  const { pointer, member } = props;
  const { draft, change, leave, errors } = useForm();
  return (
    <Field {...props} isWide isSelfLabelled action={canBeFile && <SourceButton pointer={pointer} source="file" />}>
      <JsonText
        id={fieldId(pointer)}
        label={labelOf(member)}
        error={errors[pointer]}
        value={draft[pointer] ?? ''}
        onChange={(text) => change(pointer, text)}
        onBlur={() => leave(pointer)}
      />
    </Field>
  );
}
