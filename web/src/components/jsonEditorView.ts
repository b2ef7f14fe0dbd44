import { json, jsonParseLinter } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { minimalSetup } from 'codemirror';

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--surface)', fontSize: 'var(--text-small)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', maxHeight: '360px', overflow: 'auto' },
  '.cm-content, .cm-gutter': { minHeight: '120px' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { color: 'var(--ink-soft)', backgroundColor: 'var(--raised)', border: 'none' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  // The library's own mark is an image inside the style sheet, which the content security policy does not allow.
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--red)' },
  '.cm-lintPoint-error::after': { borderBottomColor: 'var(--red)' },
  '.cm-tooltip': { color: 'var(--ink)', backgroundColor: 'var(--raised)', border: '1px solid var(--line)' },
});

/** The library's own colours have too little contrast on a dark page. */
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--green)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--amber)' },
]);

/** Marks the characters around a mistake, which may be at the end of the text. Only an empty text is no mistake yet. */
const parse = jsonParseLinter();
const lint: Extension = linter((view) => {
  const { length } = view.state.doc;
  if (length === 0) return [];
  return parse(view).map((mistake) => {
    const at = mistake.message.includes('end of JSON') ? length : mistake.from;
    return { ...mistake, from: Math.max(0, at - 1), to: Math.min(length, at + 1) };
  });
});

const attributes = new Compartment();

interface JsonViewOptions {
  /** It holds the styles: the content security policy allows none in the document. */
  root: ShadowRoot;
  text: string;
  onChange: (text: string) => void;
}

/** An editor that marks mistakes in JSON. Tab leaves it: nobody is caught who uses the keyboard. */
export const createJsonView = ({ root, text, onChange }: JsonViewOptions): EditorView =>
  new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        minimalSetup,
        lineNumbers(),
        json(),
        syntaxHighlighting(colours),
        lint,
        theme,
        EditorView.lineWrapping,
        attributes.of([]),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    }),
  });

/** Names the editor for screen readers, and repeats its error: references by id do not reach into a shadow root. */
export const describe = (view: EditorView, label: string, error: string | undefined): void =>
  view.dispatch({
    effects: attributes.reconfigure(
      EditorView.contentAttributes.of({
        'aria-label': label,
        ...(error !== undefined && { 'aria-invalid': 'true', 'aria-description': error }),
      }),
    ),
  });

/** Replaces the text, unless it is the same: the cursor stays. */
export function replaceText(view: EditorView, text: string): void {
  const { doc } = view.state;
  if (doc.toString() !== text) view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
}
