import { toastApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useCallback, useState } from 'react';
import { messageOf } from '../api/PlatformClient';

/**
 * Something that a button does: busy while it runs, with the outcome said in a toast.
 *
 * @param act - does it, and says what to tell; nothing: says nothing.
 */
export function useAction<A extends unknown[]>(
  act: (...args: A) => Promise<string | void>,
) {
  const toasts = useApi(toastApiRef);
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    async (...args: A) => {
      setBusy(true);
      try {
        const done = await act(...args);
        if (done) {
          toasts.post({ title: done, status: 'success', timeout: 5000 });
        }
        return true;
      } catch (error) {
        toasts.post({
          title: messageOf(error),
          status: 'danger',
          timeout: 15000,
        });
        return false;
      } finally {
        setBusy(false);
      }
    },
    [act, toasts],
  );
  return { busy, run };
}
