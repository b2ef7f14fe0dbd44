import type { StepProgress } from '../../../../../../src/client/index.ts';
import { durationText } from '../../../../components/durationText.ts';
import { useNow } from '../../../../components/now.ts';
import { barsOf } from './bars.ts';
import type { Bars } from './bars.ts';
import { Axis, BarShape, ExpectedPattern, Folds, rowHeight } from './shapes.tsx';
import styles from './Timeline.module.css';

interface TimelineProps {
  steps: readonly StepProgress[];
  /** the critical path; undefined in a deletion, whose steps do not wait for what they need */
  path: ReadonlySet<string> | undefined;
}

/** When each step began and ended, one row each. */
export function Timeline({ steps, path }: TimelineProps) {
  const now = useNow();
  const timeline = barsOf(steps, path, now);
  if (!timeline) return null;
  const height = steps.length * rowHeight;
  return (
    <figure className={styles['timeline']}>
      <figcaption className={styles['caption']}>
        <h2>Timeline</h2>
        <span className={styles['total']}>{totalOf(timeline)}</span>
        <Legend timeline={timeline} hasPath={path !== undefined} />
      </figcaption>
      <div className={styles['plot']}>
        <ol className={styles['labels']} aria-hidden="true">
          {steps.map(({ id }) => (
            <li key={id}>{id}</li>
          ))}
        </ol>
        <svg width="100%" height={height + rowHeight} role="img" aria-label={summaryOf(timeline)}>
          <ExpectedPattern />
          <Axis timeline={timeline} height={height} />
          {timeline.bars.map((bar) => (
            <BarShape key={bar.id} bar={bar} timeline={timeline} row={steps.findIndex(({ id }) => id === bar.id)} />
          ))}
          <Folds timeline={timeline} height={height} />
        </svg>
      </div>
    </figure>
  );
}

/** From the first step's start until the last one's end, or until now. */
const totalOf = ({ bars, start }: Bars): string => durationText(Math.max(...bars.map(({ to }) => to)) - start);

const summaryOf = ({ bars }: Bars): string =>
  bars
    .map(
      ({ id, from, to, isCritical }) => `${id} ${durationText(to - from)}${isCritical ? ', on the critical path' : ''}`,
    )
    .join('; ');

function Legend({ timeline: { bars, scale }, hasPath }: { timeline: Bars; hasPath: boolean }) {
  return (
    <ul className={styles['legend']}>
      {hasPath && (
        <>
          <li data-key="critical">critical path</li>
          <li data-key="other">other steps</li>
        </>
      )}
      {bars.some(({ isFailed }) => isFailed) && <li data-key="failed">failed</li>}
      {bars.some(({ expectedEnd }) => expectedEnd !== null) && <li data-key="expected">expected</li>}
      {scale.folds.length > 0 && <li>≈ long wait, folded</li>}
    </ul>
  );
}
