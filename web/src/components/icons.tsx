import type { ReactNode } from 'react';

const icon = (content: ReactNode): ReactNode => (
  <svg
    viewBox="0 0 16 16"
    width="16"
    height="16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    aria-hidden="true"
  >
    {content}
  </svg>
);

/** The shapes that stand for states, and those of the navigation. */
export const icons = {
  check: icon(<path d="m3.5 8.5 3 3 6-7" />),
  dot: icon(<circle cx="8" cy="8" r="4" fill="currentColor" stroke="none" />),
  cross: icon(<path d="m4 4 8 8m0-8-8 8" />),
  pause: icon(
    <>
      <circle cx="8" cy="8" r="6.5" />
      <path d="M6.4 5.5v5m3.2-5v5" />
    </>,
  ),
  clock: icon(
    <>
      <circle cx="8" cy="8" r="6" />
      <path fill="currentColor" stroke="none" d="M8 2a6 6 0 0 1 6 6H8z" />
    </>,
  ),
  dash: icon(<path d="M4 8h8" />),
  ring: icon(<circle cx="8" cy="8" r="4" />),
  retry: icon(<path d="M12.5 8a4.5 4.5 0 1 1-1.6-3.4M11 1.8v3H8" />),
  bin: icon(<path d="M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.6 9h5.8l.6-9" />),
  shield: icon(<path d="M8 1.8 3 3.5v4c0 3.2 2 5.5 5 6.7 3-1.2 5-3.5 5-6.7v-4z m-2.2 6 1.7 1.7 3-3.4" />),
  shieldOpen: icon(<path strokeDasharray="2.5 2" d="M8 1.8 3 3.5v4c0 3.2 2 5.5 5 6.7 3-1.2 5-3.5 5-6.7v-4z" />),
  shieldBroken: icon(<path d="M8 1.8 3 3.5v4c0 3.2 2 5.5 5 6.7 3-1.2 5-3.5 5-6.7v-4zm-2 4 4 4m0-4-4 4" />),
  lock: icon(<path d="M4 7.5h8v6H4zm2 0v-2a2 2 0 0 1 4 0v2" />),
  chevron: icon(<path d="m6 3.5 4.5 4.5L6 12.5" />),
  copy: icon(<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />),
  list: icon(<path d="M2.5 4h11m-11 4h11m-11 4h11" />),
  sweep: icon(<path d="M13.5 2.5 8.5 8M5 7l4 4-1.5 2.5H2.5c1.5-1.5 1.5-4 2.5-6.5z" />),
  warning: icon(<path d="M8 2.2 14.2 13H1.8zM8 6.5v3.2m0 1v1.2" />),
  question: icon(<path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.8m0 1.4v1.4" />),
  plus: icon(<path d="M8 3.5v9M3.5 8h9" />),
  info: icon(
    <>
      <circle cx="8" cy="8" r="6.5" />
      <path d="M8 7v4.5M8 4.5v1" />
    </>,
  ),
} as const;
