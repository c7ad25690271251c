import { DependencyList, useCallback, useEffect, useRef } from 'react';
import { Page } from '../api/PlatformClient';
import { LiveOptions, useLive } from './useLive';

/** A list of the API that is kept current as far as it has been looked at. */
export function useLivePages<T>(
  load: (cursor?: string) => Promise<Page<T>>,
  deps: DependencyList,
  options: LiveOptions = {},
) {
  const pages = useRef(1);
  useEffect(() => {
    pages.current = 1;
    // The list starts over with what it depends on.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, deps);

  const live = useLive(
    async () => {
      const items: T[] = [];
      let cursor: string | null | undefined;
      for (let page = 0; page < pages.current && cursor !== null; page++) {
        const found: Page<T> = await load(cursor);
        items.push(...found.items);
        cursor = found.nextCursor;
      }
      return { items, nextCursor: cursor ?? null };
    },
    deps,
    options,
  );

  const { refresh } = live;
  const loadMore = useCallback(() => {
    pages.current++;
    refresh();
  }, [refresh]);
  return {
    live,
    items: live.value?.items ?? [],
    loadMore: live.value?.nextCursor ? loadMore : undefined,
  };
}
