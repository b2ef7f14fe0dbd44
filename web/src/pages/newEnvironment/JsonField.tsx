import { onDemand } from '../../components/onDemand.tsx';
import { Field } from './Field.tsx';
import { fieldId, useForm } from './FormContext.ts';
import { SourceButton } from './SourceButton.tsx';
import { labelOf } from './specSchema.ts';
import type { Schema } from './specSchema.ts';
import styles from './Form.module.css';

// The editor is larger than the rest of the page, and only forms of own models have one.
const JsonText = onDemand(() => import('../../components/JsonText.tsx'), <div className={styles['editor']} />);

/** A member with any JSON value. */
export function JsonField(props: { pointer: string; member: string; schema: Schema; isRequired: boolean }) {
  const { pointer, member } = props;
  const { draft, change, leave, errors } = useForm();
  return (
    <Field {...props} isWide isSelfLabelled action={<SourceButton pointer={pointer} source="file" />}>
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
