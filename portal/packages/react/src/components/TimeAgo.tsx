import { useNow } from '../live/useNow';

const STEPS: Array<[number, Intl.RelativeTimeFormatUnit]> = [
  [60, 'second'],
  [3600, 'minute'],
  [86_400, 'hour'],
  [30 * 86_400, 'day'],
  [365 * 86_400, 'month'],
  [Infinity, 'year'],
];

const SIZES: Record<string, number> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  month: 30 * 86_400,
  year: 365 * 86_400,
};

const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** A time as "3 minutes ago", exactly in the tooltip. */
export const TimeAgo = (props: { at: string }) => {
  const seconds = (Date.parse(props.at) - useNow(10_000)) / 1000;
  const unit = STEPS.find(([limit]) => Math.abs(seconds) < limit)![1];
  return (
    <time dateTime={props.at} title={new Date(props.at).toLocaleString()}>
      {Math.abs(seconds) < 10
        ? 'just now'
        : format.format(Math.round(seconds / SIZES[unit]), unit)}
    </time>
  );
};
