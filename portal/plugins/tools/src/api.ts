import { CompoundEntityRef } from '@backstage/catalog-model';
import { createApiRef, FetchApi } from '@backstage/frontend-plugin-api';
import { PlatformClient } from '@devplatform/portal-react';

/** What the last probe of a tool found. */
export type ToolHealth = {
  state: string;
  checkedAt?: string;
  latencyMs?: number;
  message?: string;
};

/** A tool of the library; only those that the caller may open are listed. */
export type Tool = {
  id: string;
  name: string;
  category: string;
  description: string;
  icon: string;
  url: string;
  favorite: boolean;
  health: ToolHealth;
};

/** A tool with what it has on an entity. */
export type EntityTool = {
  id: string;
  name: string;
  category: string;
  icon: string;
  health: ToolHealth;
  links: Array<{ title: string; url: string; entityRef: string }>;
};

export interface ToolsApi {
  list(): Promise<Tool[]>;
  forEntity(entity: CompoundEntityRef): Promise<EntityTool[]>;
  setFavorite(id: string, favorite: boolean): Promise<void>;
}

export const toolsApiRef = createApiRef<ToolsApi>({ id: 'plugin.tools.api' });

/** Calls `/api/tools`. */
export class ToolsClient implements ToolsApi {
  private readonly client: PlatformClient;

  constructor(fetchApi: FetchApi) {
    this.client = new PlatformClient(fetchApi, 'tools');
  }

  async list() {
    return (await this.client.get<{ items: Tool[] }>('')).items;
  }

  async forEntity({ kind, namespace, name }: CompoundEntityRef) {
    const path = [kind.toLocaleLowerCase('en-US'), namespace, name]
      .map(encodeURIComponent)
      .join('/');
    return (
      await this.client.get<{ items: EntityTool[] }>(`/for-entity/${path}`)
    ).items;
  }

  setFavorite(id: string, favorite: boolean) {
    const path = `/${encodeURIComponent(id)}/favorite`;
    return favorite ? this.client.put(path) : this.client.delete(path);
  }
}
