import { useEffect, useEffectEvent, useRef } from 'react';
import type { EditorView } from '@codemirror/view';
import { createJsonView, describe, replaceText } from './jsonEditorView.ts';
import styles from './JsonEditor.module.css';

interface JsonTextProps {
  id?: string;
  /** for screen readers: labels outside do not reach into the shadow root */
  label: string;
  value: string;
  /** why the value is refused, where that is shown beside the editor */
  error?: string | undefined;
  onChange: (text: string) => void;
  onBlur?: () => void;
}

/** The editor of a text of JSON, with its mistakes marked. To be loaded lazily: it is large. */
export default function JsonText({ id, label, value, error, onChange, onBlur }: JsonTextProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const onText = useEffectEvent(onChange);
  const initialValue = useEffectEvent(() => value);
  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: 'open' });
    view.current = createJsonView({ root, text: initialValue(), onChange: (text) => onText(text) });
    return () => view.current?.destroy();
  }, []);
  useEffect(() => {
    if (view.current) describe(view.current, label, error);
  }, [label, error]);
  useEffect(() => {
    if (view.current) replaceText(view.current, value);
  }, [value]);
  return (
    <div
      ref={host}
      id={id}
      // For a link that leads here.
      tabIndex={-1}
      className={styles['editor']}
      data-invalid={error !== undefined || undefined}
      onFocus={() => view.current?.focus()}
      onBlur={onBlur}
    />
  );
}
