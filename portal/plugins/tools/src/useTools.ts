import { useApi } from '@backstage/frontend-plugin-api';
import { useAction, useLive } from '@devplatform/portal-react';
import { useCallback, useMemo, useState } from 'react';
import { toolsApiRef } from './api';

/** The caller's tools with their health now, and a way to make them favorites. */
export function useTools() {
  const api = useApi(toolsApiRef);
  const live = useLive(() => api.list(), [api], { everyMs: 30_000 });
  // What was just clicked is shown before the API has confirmed it.
  const [marked, setMarked] = useState<Record<string, boolean>>({});
  const tools = useMemo(
    () =>
      live.value?.map(tool => ({
        ...tool,
        favorite: marked[tool.id] ?? tool.favorite,
      })),
    [live.value, marked],
  );
  const { run } = useAction(
    useCallback(
      async (id: string, favorite: boolean) => {
        setMarked(before => ({ ...before, [id]: favorite }));
        try {
          await api.setFavorite(id, favorite);
        } catch (error) {
          setMarked(before => ({ ...before, [id]: !favorite }));
          throw error;
        }
      },
      [api],
    ),
  );
  return { live, tools, setFavorite: run };
}
