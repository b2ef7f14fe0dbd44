import { useEffect, useEffectEvent, useRef } from 'react';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { Compartment } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { minimalSetup } from 'codemirror';
import styles from './Form.module.css';

interface JsonEditorProps {
  id: string;
  label: string;
  error: string | undefined;
  initialText: string;
  onChange: (text: string) => void;
  onBlur: () => void;
}

const theme = EditorView.theme({
  '&': { height: '100%', background: 'var(--surface)', color: 'var(--ink)', fontSize: 'var(--text-small)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { background: 'var(--raised)', color: 'var(--ink-soft)', border: '0' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { background: 'var(--selected) !important' },
  // The library's own mark is an image inside the style sheet, which the content security policy does not allow.
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--red)' },
  '.cm-lintPoint-error::after': { borderBottomColor: 'var(--red)' },
  '.cm-tooltip': { background: 'var(--surface)', border: '1px solid var(--line)', color: 'var(--ink)' },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--green)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--amber)' },
]);

const extensions = [
  minimalSetup,
  lineNumbers(),
  json(),
  syntaxHighlighting(colours),
  linter(lintJson, { delay: 300 }),
  theme,
  EditorView.lineWrapping,
];

/** Marks the characters around the place of the error. An empty field is not marked: it has no error until it is left. */
function lintJson(view: EditorView): Diagnostic[] {
  const { doc } = view.state;
  if (doc.toString().trim() === '') return [];
  return jsonParseLinter()(view).map((diagnostic) => {
    const at = diagnostic.message.includes('end of JSON') ? doc.length : diagnostic.from;
    return { ...diagnostic, from: Math.max(0, at - 1), to: Math.min(doc.length, at + 1) };
  });
}

/** An editor that marks where its text is not JSON. In a shadow root the library needs no style element. */
export default function JsonEditor({ id, label, error, initialText, onChange, onBlur }: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const attributes = useRef(new Compartment());
  const changed = useEffectEvent(onChange);
  const left = useEffectEvent(onBlur);
  const firstText = useEffectEvent(() => initialText);

  useEffect(() => {
    const element = host.current!;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const view = new EditorView({
      doc: firstText(),
      parent: root,
      root,
      extensions: [
        extensions,
        attributes.current.of([]),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
        EditorView.domEventHandlers({ blur: () => left() }),
      ],
    });
    editor.current = view;
    return () => view.destroy();
  }, []);

  // References by id do not reach into a shadow root, so the text of the error is repeated there.
  useEffect(() => {
    const described = {
      'aria-label': label,
      'aria-invalid': String(error !== undefined),
      'aria-description': error ?? '',
    };
    editor.current?.dispatch({
      effects: attributes.current.reconfigure(EditorView.contentAttributes.of(described)),
    });
  }, [label, error]);

  return (
    <div
      ref={host}
      id={id}
      tabIndex={-1}
      className={styles['editor']}
      data-invalid={error !== undefined || undefined}
      onFocus={() => editor.current?.focus()}
    />
  );
}
