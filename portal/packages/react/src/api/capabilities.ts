import {
  ApiBlueprint,
  createApiRef,
  createFrontendModule,
  fetchApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { useMemo } from 'react';
import { useLive } from '../live/useLive';
import { PlatformClient } from './PlatformClient';

/** What the caller may do, in general or on an entity; by permission name. */
export type Capabilities = {
  entityRef: string | null;
  permissions: Record<string, 'allow' | 'deny' | 'conditional'>;
};

export interface CapabilitiesApi {
  /** @param entityRef - on what; none: in general. */
  get(entityRef?: string): Promise<Capabilities>;
}

export const capabilitiesApiRef = createApiRef<CapabilitiesApi>({
  id: 'plugin.identity.capabilities',
});

const FRESH_MS = 30_000;

/** Cards of one page ask the same at the same time: they share the answer. */
class CapabilitiesClient implements CapabilitiesApi {
  private readonly answers = new Map<
    string,
    { at: number; answer: Promise<Capabilities> }
  >();

  constructor(private readonly client: PlatformClient) {}

  get(entityRef?: string): Promise<Capabilities> {
    const key = entityRef ?? '';
    const known = this.answers.get(key);
    if (known && Date.now() - known.at < FRESH_MS) {
      return known.answer;
    }
    const answer = this.client.get<Capabilities>('/capabilities', {
      entityRef,
    });
    this.answers.set(key, { at: Date.now(), answer });
    answer.catch(() => this.answers.delete(key));
    return answer;
  }
}

export const capabilitiesModule = createFrontendModule({
  pluginId: 'app',
  extensions: [
    ApiBlueprint.make({
      name: 'capabilities',
      params: defineParams =>
        defineParams({
          api: capabilitiesApiRef,
          deps: { fetchApi: fetchApiRef },
          factory: ({ fetchApi }) =>
            new CapabilitiesClient(new PlatformClient(fetchApi, 'identity')),
        }),
    }),
  ],
});

/**
 * What the caller may do. Until it is known nothing is allowed, so that what appears does not vanish again.
 *
 * @returns `may(name)`: on the entity, or without one in general, where what depends on the entity counts as allowed.
 */
export function useCapabilities(entityRef?: string) {
  const api = useApi(capabilitiesApiRef);
  const { value } = useLive(() => api.get(entityRef), [api, entityRef]);
  return useMemo(() => {
    const permissions = value?.permissions ?? {};
    return {
      known: value !== undefined,
      may: (name: string) =>
        name in permissions && permissions[name] !== 'deny',
      names: Object.keys(permissions),
    };
  }, [value]);
}
