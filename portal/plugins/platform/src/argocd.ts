import { createApiRef, FetchApi } from '@backstage/frontend-plugin-api';
import { PlatformClient } from '@devplatform/portal-react';

/** An application of Argo CD that an entity is deployed by. */
export type Application = {
  name: string;
  syncStatus: string | null;
  healthStatus: string | null;
  revision: string | null;
  targetRevision: string | null;
  lastSyncedAt: string | null;
  phase: string | null;
  message: string | null;
  url: string | null;
  history: Array<{
    id: number;
    revision: string | null;
    deployedAt: string | null;
  }>;
};

export type Applications = {
  items: Application[];
  /** Argo CD does not answer: this is what it said at `asOf`. */
  stale: boolean;
  asOf: string;
};

export interface ArgoCdApi {
  applications(entityRef: string): Promise<Applications>;
  trigger(
    entityRef: string,
    application: string,
    what: 'sync' | 'refresh',
  ): Promise<Application>;
}

export const argoCdApiRef = createApiRef<ArgoCdApi>({
  id: 'plugin.platform.argocd',
});

/** Calls `/api/integrations/argocd`. */
export class ArgoCdClient implements ArgoCdApi {
  private readonly client: PlatformClient;

  constructor(fetchApi: FetchApi) {
    this.client = new PlatformClient(fetchApi, 'integrations');
  }

  applications(entityRef: string) {
    return this.client.get<Applications>('/argocd/applications', { entityRef });
  }

  trigger(entityRef: string, application: string, what: string) {
    const name = encodeURIComponent(application);
    const entity = encodeURIComponent(entityRef);
    return this.client.post<Application>(
      `/argocd/applications/${name}/${what}?entityRef=${entity}`,
    );
  }
}
