import { fetchEventSource } from '@microsoft/fetch-event-source';
import { fetchApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useEffect, useRef } from 'react';

/** A server-sent event. */
export type ServerEvent = { event: string; data: string; id: string };

const RECONNECT_MS = 2000;

class Refused extends Error {}

/**
 * Follows a stream of server-sent events with the caller's token. It reconnects by itself, after the last event it saw, when the stream
 * ends or breaks (API restart, token expired); it gives up only where the API refuses it.
 */
export function useEvents(
  path: string | undefined,
  onEvent: (event: ServerEvent) => void,
) {
  const fetchApi = useApi(fetchApiRef);
  const latest = useRef(onEvent);
  latest.current = onEvent;

  useEffect(() => {
    if (!path) {
      return undefined;
    }
    const controller = new AbortController();
    fetchEventSource(path, {
      fetch: fetchApi.fetch,
      signal: controller.signal,
      onmessage: message => latest.current(message),
      async onopen(response) {
        if (response.status >= 400 && response.status < 500) {
          throw new Refused(response.statusText);
        }
        if (!response.ok) {
          throw new Error(response.statusText);
        }
      },
      onclose() {
        throw new Error('The stream ended');
      },
      onerror(error) {
        if (error instanceof Refused) {
          throw error; // ends it
        }
        return RECONNECT_MS;
      },
    }).catch(() => {
      // Refused: what is shown is as of the page's load, which is what callers without the permission get.
    });
    return () => controller.abort();
  }, [fetchApi, path]);
}
