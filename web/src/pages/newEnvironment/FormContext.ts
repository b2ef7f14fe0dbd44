import { createContext, use } from 'react';
import type { Draft } from './draft.ts';
import type { FieldErrors } from './requestBody.ts';

interface Form {
  draft: Draft;
  change: (pointer: string, text: string) => void;
  /** of the fields that the reader has left once, and of the API */
  errors: FieldErrors;
  /** called when the focus leaves the field */
  leave: (pointer: string) => void;
}

/** What every field of the form reads and calls. */
export const FormContext = createContext<Form | undefined>(undefined);

export function useForm(): Form {
  const form = use(FormContext);
  if (!form) throw new Error('A field belongs into a form.');
  return form;
}

/** The element id of a field, by which a list of errors leads to it. */
export const fieldId = (pointer: string): string => `field${pointer.replaceAll('/', '-')}`;
