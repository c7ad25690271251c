import { useApiHolder } from '@backstage/core-plugin-api';
import { SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import { useEffect } from 'react';

type Listeners = { all: Set<() => void>; unsubscribe: () => void };

/** Pages have many lists of one channel: they share a subscription. */
const channels = new WeakMap<SignalApi, Map<string, Listeners>>();

function listen(signals: SignalApi, channel: string, listener: () => void) {
  const open = channels.get(signals) ?? new Map<string, Listeners>();
  channels.set(signals, open);
  let listeners = open.get(channel);
  if (!listeners) {
    const all = new Set<() => void>();
    const { unsubscribe } = signals.subscribe(channel, () =>
      all.forEach(tell => tell()),
    );
    listeners = { all, unsubscribe };
    open.set(channel, listeners);
  }
  const { all, unsubscribe } = listeners;
  all.add(listener);
  return () => {
    all.delete(listener);
    if (all.size === 0) {
      open.delete(channel);
      unsubscribe();
    }
  };
}

/**
 * Calls `onChange` when the API says that something which the caller may see has changed, and whenever the connection that says so has been
 * opened: what changed before that has not been heard.
 *
 * @param channel - `access` or `scaffolder-tasks`; none: never.
 */
export function useChanges(channel: string | undefined, onChange: () => void) {
  const signals = useApiHolder().get(signalApiRef);
  useEffect(
    () => (signals && channel ? listen(signals, channel, onChange) : undefined),
    [signals, channel, onChange],
  );
}
