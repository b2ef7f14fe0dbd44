import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import type { ListedEnvironment } from '../../../../src/client/index.ts';
import { useKeys } from '../../app/keys.ts';
import { EnvironmentRow } from './EnvironmentRow.tsx';
import { attentionOf } from './attention.ts';
import { lastPlace, useKeptPlace } from './listPlace.ts';
import { useScrollAnchor } from './useScrollAnchor.ts';
import styles from './EnvironmentTable.module.css';

const columns = ['Name', 'State', 'Progress', 'Owner', 'Location', 'Lease', 'Proof', 'Cost'];
const headHeight = 32;
/** With the line below it. */
const rowHeight = 41;
const attentionHeight = 104;

interface EnvironmentTableProps {
  /** those that match the filter */
  environments: readonly ListedEnvironment[];
  total: number;
  /** below the rows */
  children?: ReactNode;
}

/** The rows that are visible, and the selected one. `j` and `k` move the selection, which is the focus. */
export function EnvironmentTable({ environments, total, children }: EnvironmentTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [start] = useState(lastPlace);
  const [selected, setSelected] = useState(start.selected);
  const index = environments.findIndex(({ name }) => name === selected);
  const virtualizer = useVirtualizer({
    count: environments.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (attentionOf(environments[i]!) ? attentionHeight : rowHeight),
    getItemKey: (i) => environments[i]!.name,
    overscan: 8,
    // The head is above the rows, in what is scrolled.
    scrollPaddingEnd: headHeight,
    initialOffset: start.offset,
    initialMeasurementsCache: start.measurements,
    // The selected row stays in the document while it is scrolled away: it has the focus.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), ...(index === -1 ? [] : [index])])].toSorted((a, b) => a - b),
  });
  useScrollAnchor(virtualizer, scroller);
  useKeptPlace(virtualizer, scroller, selected);
  const move = (step: number): void => {
    const next = Math.min(Math.max(index + step, 0), environments.length - 1);
    const name = environments[next]?.name;
    if (name === undefined) return;
    // Drawn now, so that the next key finds the focus there.
    flushSync(() => setSelected(name));
    scroller.current?.querySelector<HTMLElement>(`[data-environment="${name}"] a`)?.focus({ preventScroll: true });
    virtualizer.scrollToIndex(next);
  };
  useKeys({ j: () => move(1), k: () => move(-1) });

  return (
    <div ref={scroller} className={styles['scroller']}>
      <div role="table" aria-label="Environments" aria-rowcount={environments.length + 1} className={styles['table']}>
        <div role="row" aria-rowindex={1} className={`${styles['row']} ${styles['head']}`}>
          {columns.map((column) => (
            <div key={column} role="columnheader">
              {column}
            </div>
          ))}
        </div>
        <div role="rowgroup" className={styles['body']} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ key, index: i, start }) => (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={i}
              data-environment={key}
              role="row"
              aria-rowindex={i + 2}
              className={styles['item']}
              style={{ transform: `translateY(${start}px)` }}
              onFocus={() => setSelected(String(key))}
            >
              <EnvironmentRow environment={environments[i]!} />
            </div>
          ))}
        </div>
      </div>
      {environments.length === 0 && (
        <p className={styles['none']}>None of the {total} environments matches the filters.</p>
      )}
      {children}
    </div>
  );
}
