import type { GetAboutResponse, StepProgress } from '../../../../../../src/client/index.ts';
import { durationText } from '../../../../components/durationText.ts';
import { useNow } from '../../../../components/now.ts';
import { barsOf } from './bars.ts';
import type { Bar, Bars } from './bars.ts';
import styles from './Timeline.module.css';

interface TimelineProps {
  descriptions: GetAboutResponse['steps'];
  steps: readonly StepProgress[];
}

/** Pixels. */
const rowHeight = 24;
const barHeight = 12;

/** When each step began and ended, one row each. */
export function Timeline({ descriptions, steps }: TimelineProps) {
  const now = useNow();
  const timeline = barsOf(descriptions, steps, now);
  if (!timeline) return null;
  const height = steps.length * rowHeight;
  return (
    <figure className={styles['timeline']}>
      <figcaption className={styles['caption']}>
        <h2>Timeline</h2>
        <Legend timeline={timeline} />
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

const percent = (value: number): string => `${value.toFixed(2)}%`;

const summaryOf = ({ bars }: Bars): string =>
  bars
    .map(
      ({ id, from, to, isCritical }) => `${id} ${durationText(to - from)}${isCritical ? ', on the critical path' : ''}`,
    )
    .join('; ');

function Legend({ timeline: { bars, scale } }: { timeline: Bars }) {
  return (
    <ul className={styles['legend']}>
      <li data-key="critical">critical path</li>
      <li data-key="other">beside it</li>
      {bars.some(({ expectedEnd }) => expectedEnd !== null) && <li data-key="expected">expected</li>}
      {scale.folds.length > 0 && <li>≈ long wait, folded</li>}
    </ul>
  );
}

function ExpectedPattern() {
  return (
    <defs>
      <pattern id="expected" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="2" height="6" className={styles['hatch']} />
      </pattern>
    </defs>
  );
}

function Axis({ timeline: { scale, start }, height }: { timeline: Bars; height: number }) {
  return scale.ticks.map((time, i) => (
    <g key={time} className={styles['tick']}>
      <line x1={percent(scale.at(time))} x2={percent(scale.at(time))} y1="0" y2={height} />
      <text
        x={percent(scale.at(time))}
        y={height + 16}
        textAnchor={i === 0 ? 'start' : scale.at(time) > 97 ? 'end' : 'middle'}
      >
        {i === 0 ? '0' : durationText(time - start)}
      </text>
    </g>
  ));
}

function BarShape({ bar, timeline: { scale }, row }: { bar: Bar; timeline: Bars; row: number }) {
  const { id, from, to, expectedEnd, isCritical, isFailed } = bar;
  const y = row * rowHeight + (rowHeight - barHeight) / 2;
  const width = (start: number, end: number): string => percent(Math.max(0.3, scale.at(end) - scale.at(start)));
  const kind = isFailed ? 'failed' : isCritical ? 'critical' : 'other';
  return (
    <g>
      <title>{`${id}: ${durationText(to - from)}`}</title>
      {expectedEnd !== null && (
        <rect
          x={percent(scale.at(to))}
          width={width(to, expectedEnd)}
          y={y}
          height={barHeight}
          className={styles['expected']}
        />
      )}
      <rect
        x={percent(scale.at(from))}
        width={width(from, to)}
        y={y}
        height={barHeight}
        rx="2"
        className={styles[kind]}
      />
    </g>
  );
}

/** Two strokes across all rows where the scale is interrupted, with how long the wait was. */
function Folds({ timeline: { scale }, height }: { timeline: Bars; height: number }) {
  return scale.folds.map(({ from, to }) => {
    const x = (scale.at(from) + scale.at(to)) / 2;
    return (
      <svg key={from} x={percent(x)} y="0" overflow="visible" className={styles['fold']}>
        <path d={`M-5 ${height}L-1 0M1 ${height}L5 0`} />
        <text y={height + 16} textAnchor="middle">{`≈ ${durationText(to - from)}`}</text>
      </svg>
    );
  });
}
