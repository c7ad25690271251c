import { CompoundEntityRef } from '@backstage/catalog-model';
import { createApiRef, FetchApi } from '@backstage/frontend-plugin-api';
import { PlatformClient } from '@devplatform/portal-react';

export type Transition = { from: string | null; to: string | null };

/** A change of an entity. */
export type Change = {
  id: number;
  at: string;
  change: string;
  by: string;
  taskId: string | null;
  source: string | null;
  revision: string | null;
  lifecycle: Transition | null;
  owner: Transition | null;
  fields: Array<{ field: string }> | null;
};

export interface HistoryApi {
  /** Newest first. */
  of(entity: CompoundEntityRef, limit: number): Promise<Change[]>;
}

export const historyApiRef = createApiRef<HistoryApi>({
  id: 'plugin.platform.history',
});

/** Calls the catalog's history of an entity. */
export class HistoryClient implements HistoryApi {
  private readonly client: PlatformClient;

  constructor(fetchApi: FetchApi) {
    this.client = new PlatformClient(fetchApi, 'catalog');
  }

  async of({ kind, namespace, name }: CompoundEntityRef, limit: number) {
    const path = [kind.toLocaleLowerCase('en-US'), namespace, name]
      .map(encodeURIComponent)
      .join('/');
    return (
      await this.client.get<{ items: Change[] }>(
        `/entities/by-name/${path}/history`,
        { limit },
      )
    ).items;
  }
}
