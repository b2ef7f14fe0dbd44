import { useEffect, useEffectEvent, useRef } from 'react';
import type { EditorView } from '@codemirror/view';
import { createJsonView, replaceText } from './jsonEditorView.ts';
import { jsonError } from './jsonError.ts';
import styles from './JsonEditor.module.css';

interface JsonEditorProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
}

/** A text of JSON, with its mistakes marked and named. To be loaded lazily: it is large. */
export default function JsonEditor({ label, value, onChange }: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const onText = useEffectEvent(onChange);
  const initialValue = useEffectEvent(() => value);
  useEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: 'open' });
    view.current = createJsonView({ root, label, text: initialValue(), onChange: (text) => onText(text) });
    return () => view.current?.destroy();
  }, [label]);
  useEffect(() => {
    if (view.current) replaceText(view.current, value);
  }, [value]);
  return (
    <div className={styles['field']}>
      <span className={styles['label']} aria-hidden="true">
        {label}
      </span>
      <div ref={host} className={styles['editor']} />
      <p role="status" className={styles['error']}>
        {jsonError(value)}
      </p>
    </div>
  );
}
