import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  fetchApiRef,
  identityApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { catalogApiRef, EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  PlatformClient,
  Row,
  Rows,
  Section,
  State,
  TimeAgo,
  useLive,
} from '@devplatform/portal-react';
import { useMemo } from 'react';

type Integration = {
  id: string;
  name: string;
  configured: boolean;
  health: { state: string; checkedAt?: string; message?: string };
};

const STATE = 'devplatform.io/state';
const UNWELL = ['Degraded', 'Offline'];

/** What does not work: tools of the platform, and Resources of the caller's teams. Nothing when all is well. */
export const Announcements = () => {
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  const fetchApi = useApi(fetchApiRef);
  const client = useMemo(
    () => new PlatformClient(fetchApi, 'integrations'),
    [fetchApi],
  );
  const live = useLive(
    async () => {
      const { ownershipEntityRefs } = await identity.getBackstageIdentity();
      const [integrations, resources] = await Promise.all([
        client.get<{ items: Integration[] }>('/health'),
        catalog.getEntities({
          filter: {
            kind: 'resource',
            [`metadata.annotations.${STATE}`]: ['Failed', 'Degraded'],
            'relations.ownedBy': ownershipEntityRefs,
          },
          fields: ['kind', 'metadata'],
        }),
      ]);
      return {
        tools: integrations.items.filter(
          tool => tool.configured && UNWELL.includes(tool.health.state),
        ),
        resources: resources.items,
      };
    },
    [catalog, client, identity],
    { everyMs: 30_000 },
  );
  const { tools = [], resources = [] } = live.value ?? {};
  if (tools.length + resources.length === 0) {
    return null;
  }
  return (
    <Section title="Not well at the moment">
      <Rows>
        {tools.map(tool => (
          <Row key={tool.id}>
            <State state={tool.health.state} label={tool.name} />
            <span>{tool.health.message ?? tool.health.state}</span>
            {tool.health.checkedAt && <TimeAgo at={tool.health.checkedAt} />}
          </Row>
        ))}
        {resources.map(entity => (
          <Row key={stringifyEntityRef(entity)}>
            <State state={entity.metadata.annotations![STATE]} />
            <EntityRefLink entityRef={entity} />
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
