import { useNow } from '../live/useNow';

/** What is left until a time: `1:04:59`. At the end it says so. */
export const Countdown = (props: { until: string; ended?: string }) => {
  const { until, ended = 'ended' } = props;
  const left = Math.ceil((Date.parse(until) - useNow(1000)) / 1000);
  return (
    <time
      role="timer"
      dateTime={until}
      title={new Date(until).toLocaleString()}
      style={{ fontVariantNumeric: 'tabular-nums' }}
    >
      {left > 0 ? clock(left) : ended}
    </time>
  );
};

function clock(seconds: number) {
  const two = (n: number) => `${n}`.padStart(2, '0');
  const [h, m, s] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
