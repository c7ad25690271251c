import { FetchMiddleware } from '@backstage/core-app-api';

/** Pauses before each further attempt; together longer than a restart of the API. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/**
 * Reads are tried again while the API does not answer, so that a restart behind an open page goes unnoticed. What changes something is
 * not: whoever asked for it decides, with their input still there.
 */
export const retryReads: FetchMiddleware = {
  apply: next => async (input, init) => {
    const method =
      init?.method ?? (input instanceof Request ? input.method : 'GET');
    if (!['GET', 'HEAD'].includes(method.toLocaleUpperCase('en-US'))) {
      return next(input, init);
    }
    const signal =
      init?.signal ?? (input instanceof Request ? input.signal : undefined);
    for (const pause of PAUSES_MS) {
      try {
        const response = await next(input, init);
        if (![502, 503, 504].includes(response.status)) {
          return response;
        }
      } catch (error) {
        if (signal?.aborted || !(error instanceof TypeError)) {
          throw error;
        }
      }
      await new Promise(resolve => setTimeout(resolve, pause));
      signal?.throwIfAborted();
    }
    return next(input, init);
  },
};
