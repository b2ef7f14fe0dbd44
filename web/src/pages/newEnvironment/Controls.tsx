import { defaultText, textOf } from './draft.ts';
import { useFieldAttributes } from './Field.tsx';
import { useForm } from './FormContext.ts';
import type { Schema } from './specSchema.ts';

interface ControlProps {
  pointer: string;
  schema: Schema;
}

/** One of the values of an enumeration. */
export function Choice({ pointer, schema, values }: ControlProps & { values: readonly string[] }) {
  const { draft, change, leave } = useForm();
  const text = textOf(draft, pointer, schema);
  return (
    <select
      {...useFieldAttributes(pointer)}
      value={text}
      onChange={({ target }) => change(pointer, target.value)}
      onBlur={() => leave(pointer)}
    >
      {schema.default === undefined && <option value="">choose…</option>}
      {values.map((value) => (
        <option key={value}>{value}</option>
      ))}
    </select>
  );
}

/** True or false. */
export function Checkbox({ pointer, schema }: ControlProps) {
  const { draft, change, leave } = useForm();
  return (
    <input
      {...useFieldAttributes(pointer)}
      type="checkbox"
      checked={textOf(draft, pointer, schema) === 'true'}
      onChange={({ target }) => change(pointer, target.checked ? 'true' : defaultText(schema.default))}
      onBlur={() => leave(pointer)}
    />
  );
}

/** A text or a number, with the schema's examples as suggestions. */
export function TextInput({
  pointer,
  schema,
  placeholder,
  isRequired: required,
}: ControlProps & { placeholder: string; isRequired: boolean }) {
  const { draft, change, leave } = useForm();
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  const attributes = useFieldAttributes(pointer);
  const suggestions = schema.examples ?? [];
  const listId = `${attributes.id}-suggestions`;
  const input = (
    <input
      {...attributes}
      list={suggestions.length > 0 ? listId : undefined}
      value={textOf(draft, pointer, schema)}
      placeholder={placeholder}
      inputMode={isNumber ? 'decimal' : 'text'}
      aria-required={required}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      onChange={({ target }) => change(pointer, target.value)}
      onBlur={() => leave(pointer)}
    />
  );
  if (suggestions.length === 0) return input;
  return (
    <>
      {input}
      <datalist id={listId}>
        {suggestions.map((suggestion) => (
          <option key={String(suggestion)} value={String(suggestion)} />
        ))}
      </datalist>
    </>
  );
}
