import { Fragment } from 'react';
import { clockTime, exactTime, isToday, shortTime } from './durationText.ts';
import { Tooltip } from './Tooltip.tsx';

const isoTime = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A text of the API whose times are shown in the reader's zone; the exact ones are in tooltips. */
export function TextWithTimes({ text }: { text: string }) {
  return text.split(isoTime).map((part, index) => (
    <Fragment key={index}>
      {index % 2 === 0 ? (
        part
      ) : (
        <Tooltip text={exactTime(part)}>
          <time dateTime={part}>{isToday(part) ? clockTime(part) : shortTime(part)}</time>
        </Tooltip>
      )}
    </Fragment>
  ));
}
