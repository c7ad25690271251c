import {
  DependencyList,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useChanges } from './useChanges';

/** What was loaded last, and how it stands. */
export type Live<T> = {
  value?: T;
  /** Why the last attempt failed; the value before it is kept. */
  error?: Error;
  loading: boolean;
  refresh: () => void;
};

export type LiveOptions = {
  /** Loads anew after so long; with `changes` a minute unless given. */
  everyMs?: number;
  /** The channel on which the API says that it has changed: `access`, `scaffolder-tasks`. */
  changes?: string;
};

const RETRY_MS = 3000;

/** For what was said while nobody listened. */
const CHANGES_EVERY_MS = 60_000;

/**
 * Loads something and keeps it current: anew when the API says that it changed, every `everyMs`, when the page becomes visible again, and
 * after failures that may pass (the API is restarting) until it works. What is shown stays meanwhile.
 */
export function useLive<T>(
  load: () => Promise<T>,
  deps: DependencyList,
  options: LiveOptions = {},
): Live<T> {
  const { changes, everyMs = changes ? CHANGES_EVERY_MS : undefined } = options;
  const [state, setState] = useState<Omit<Live<T>, 'refresh'>>({
    loading: true,
  });
  const run = useRef<() => void>(() => {});
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    let stopped = false;
    let running = false;
    let due = false;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const settle = (
      next: (before: { value?: T }) => Omit<Live<T>, 'refresh'>,
      pause?: number,
    ) => {
      running = false;
      if (stopped) {
        return;
      }
      setState(next);
      if (due) {
        start();
      } else if (pause !== undefined) {
        timer = setTimeout(start, pause);
      }
    };
    let started = false;
    function start() {
      clearTimeout(timer);
      if (running || (document.hidden && started)) {
        // Once more when this one is done, or when the page is looked at again: however often it is asked for.
        due = true;
        return;
      }
      started = true;
      running = true;
      due = false;
      latest.current().then(
        value => settle(() => ({ value, loading: false }), everyMs),
        error =>
          settle(
            ({ value }) => ({ value, error, loading: false }),
            mayPass(error) ? RETRY_MS : everyMs,
          ),
      );
    }
    const onVisible = () => {
      if (!document.hidden && due) {
        start();
      }
    };

    run.current = start;
    setState({ loading: true });
    start();
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
    // The caller's dependencies are what the loader depends on.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [...deps, everyMs]);

  const refresh = useCallback(() => run.current(), []);
  useChanges(changes, refresh);
  return { ...state, refresh };
}

function mayPass(error: { statusCode?: number }) {
  return error.statusCode === undefined || error.statusCode >= 500;
}
