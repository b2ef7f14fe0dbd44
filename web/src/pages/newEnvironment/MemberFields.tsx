import { shownMembers } from './draft.ts';
import { useForm } from './FormContext.ts';
import { HelpText } from './HelpText.tsx';
import { SchemaField } from './SchemaField.tsx';
import { labelOf } from './specSchema.ts';
import type { Schema } from './specSchema.ts';
import styles from './Form.module.css';

/** The members of an object inside the form. */
export function MemberFields({ schema, pointer, title }: { schema: Schema; pointer: string; title: string }) {
  const { draft, errors } = useForm();
  return (
    <fieldset className={styles['members']}>
      <legend>{labelOf(title)}</legend>
      {schema.description !== undefined && (
        <p className={styles['help']}>
          <HelpText text={schema.description.replace(/\.$/, '')} />
        </p>
      )}
      <p className={styles['error']} role="alert">
        {errors[pointer]}
      </p>
      <div className={styles['fields']}>
        {shownMembers(schema, pointer, draft).map(([member, memberSchema]) => (
          <SchemaField key={member} parent={schema} parentPointer={pointer} member={member} schema={memberSchema} />
        ))}
      </div>
    </fieldset>
  );
}
