import { durationText, exactTime } from '../../../../components/durationText.ts';
import type { Bar, Bars } from './bars.ts';
import styles from './Timeline.module.css';

/** Pixels. */
export const rowHeight = 24;
const barHeight = 12;

const percent = (value: number): string => `${value.toFixed(2)}%`;

/** The hatching of what is expected. */
export function ExpectedPattern() {
  return (
    <defs>
      <pattern id="expected" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="2" height="6" className={styles['hatch']} />
      </pattern>
    </defs>
  );
}

/** The time since the start. */
export function Axis({ timeline: { scale, start }, height }: { timeline: Bars; height: number }) {
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

/** A step: what was, and what is expected. */
export function BarShape({ bar, timeline: { scale }, row }: { bar: Bar; timeline: Bars; row: number }) {
  const { id, from, to, expectedEnd, isCritical, isFailed } = bar;
  const y = row * rowHeight + (rowHeight - barHeight) / 2;
  const width = (start: number, end: number): string => percent(Math.max(0.3, scale.at(end) - scale.at(start)));
  const kind = isFailed ? 'failed' : isCritical ? 'critical' : 'other';
  return (
    <g>
      <title>{`${id}: ${durationText(to - from)}, from ${exactTime(from)} to ${exactTime(to)}`}</title>
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
export function Folds({ timeline: { scale }, height }: { timeline: Bars; height: number }) {
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
