import type { ReactNode } from 'react';
import { fieldId, useForm } from './FormContext.ts';
import { HelpText } from './HelpText.tsx';
import { isJson, labelOf } from './specSchema.ts';
import type { Schema } from './specSchema.ts';
import styles from './Form.module.css';

interface FieldProps {
  pointer: string;
  member: string;
  schema: Schema;
  isRequired: boolean;
  /** where the control is no element that a label can belong to, and has a label of its own */
  isSelfLabelled?: boolean;
  /** takes the whole width of the form */
  isWide?: boolean;
  /** below the help */
  action?: ReactNode;
  children: ReactNode;
}

/** What the control of a field refers to. */
export function useFieldAttributes(pointer: string) {
  const { errors } = useForm();
  const id = fieldId(pointer);
  return {
    id,
    'aria-invalid': errors[pointer] !== undefined || undefined,
    'aria-describedby': `${id}-error ${id}-help`,
  };
}

/** A label, a control, its error and its help. */
export function Field(props: FieldProps) {
  const { pointer, member, schema, isRequired, isSelfLabelled = false, isWide = false, action, children } = props;
  const error = useForm().errors[pointer];
  const id = fieldId(pointer);
  const Label = isSelfLabelled ? 'span' : 'label';
  return (
    <div className={styles['field']} data-wide={isWide || undefined}>
      <span className={styles['label']}>
        <Label htmlFor={isSelfLabelled ? undefined : id}>{labelOf(member)}</Label>
        {isRequired && <span className={styles['required']}>required</span>}
      </span>
      {children}
      <p id={`${id}-error`} className={styles['error']} role="alert">
        {error}
      </p>
      <p id={`${id}-help`} className={styles['help']}>
        {schema.description !== undefined && <HelpText text={schema.description.replace(/^true: /, '')} />}
        <Limits schema={schema} />
      </p>
      {action}
    </div>
  );
}

function Limits({ schema }: { schema: Schema }) {
  const { type, minimum, maximum } = schema;
  if (isJson(schema)) return null;
  if (type === 'array') return ' Separated by spaces.';
  if (type !== 'integer' || minimum === undefined) return null;
  return ` ${minimum} to ${maximum}.`;
}
