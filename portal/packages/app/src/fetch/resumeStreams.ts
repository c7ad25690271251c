import { FetchMiddleware } from '@backstage/core-app-api';

const EVENT_STREAM = 'text/event-stream';
const PAUSE_MS = 500;

/** Takes whole events out of what comes, and remembers what going on with the stream needs. */
class EventReader {
  /** The id of the last event that came. */
  lastId?: string;

  /** Whether it said `retry`: it is not over when it ends. */
  comeAgain = false;

  private rest = '';

  /** @returns the events that are complete by now. */
  read(text: string) {
    this.rest += text;
    const end = this.rest.lastIndexOf('\n\n') + 2;
    if (end < 2) {
      return '';
    }
    const events = this.rest.slice(0, end);
    this.rest = this.rest.slice(end);
    for (const [, id] of events.matchAll(/^id: ?(.*)$/gm)) {
      this.lastId = id;
    }
    this.comeAgain ||= /^retry:/m.test(events);
    return events;
  }

  /** The stream is opened anew: an event that was cut comes again. */
  reopen() {
    this.rest = '';
    this.comeAgain = false;
  }
}

async function* follow(
  first: Response,
  open: (lastId?: string) => Promise<Response>,
) {
  const reader = new EventReader();
  for (let response = first; ; response = await open(reader.lastId)) {
    if (!response.ok) {
      throw new Error(response.statusText || `Status ${response.status}`);
    }
    reader.reopen();
    const decoder = new TextDecoder();
    try {
      for await (const bytes of chunksOf(response.body!)) {
        const events = reader.read(decoder.decode(bytes, { stream: true }));
        if (events) {
          yield events;
        }
      }
      if (!reader.comeAgain) {
        return;
      }
    } catch (error) {
      // One without ids would come from its beginning.
      if (!(error instanceof TypeError) || reader.lastId === undefined) {
        throw error;
      }
    }
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    // Fails where it broke, which whoever reads has been told.
    reader.cancel().catch(() => {});
  }
}

/**
 * A stream of events ends with the access token that it was opened with, and breaks when the API restarts. It goes on here, with the token of
 * then and after the last event that came, as browsers' own `EventSource` does: who reads it, Backstage's task page above all, does not
 * notice. One that ends without having said `retry` is over.
 */
export const resumeStreams: FetchMiddleware = {
  apply: next => async (input, init) => {
    const response = await next(input, init);
    if (!response.headers.get('content-type')?.startsWith(EVENT_STREAM)) {
      return response;
    }
    const signal =
      init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const events = follow(response, lastId => {
      signal?.throwIfAborted();
      const headers = new Headers(
        init?.headers ?? (input instanceof Request ? input.headers : {}),
      );
      if (lastId !== undefined) {
        headers.set('Last-Event-ID', lastId);
      }
      return next(input, { ...init, headers });
    });
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await events.next();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(encoder.encode(value));
        }
      },
      async cancel() {
        await events.return(undefined);
      },
    });
    return new Response(body, response);
  },
};
