import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  fetchApiRef,
  identityApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import { catalogApiRef, EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  PlatformClient,
  Section,
  State,
  TimeAgo,
  useLive,
} from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import { useMemo } from 'react';

type Integration = {
  id: string;
  name: string;
  configured: boolean;
  health: { state: string; checkedAt?: string; message?: string };
};

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  item: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.5, 2),
    padding: theme.spacing(0.5, 0),
  },
}));

const STATE = 'devplatform.io/state';
const UNWELL = ['Degraded', 'Offline'];

/** What does not work: tools of the platform, and Resources of the caller's teams. Nothing when all is well. */
export const Announcements = () => {
  const classes = useStyles();
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
      <ul className={classes.list}>
        {tools.map(tool => (
          <li key={tool.id} className={classes.item}>
            <State state={tool.health.state} label={tool.name} />
            <span>{tool.health.message ?? tool.health.state}</span>
            {tool.health.checkedAt && <TimeAgo at={tool.health.checkedAt} />}
          </li>
        ))}
        {resources.map(entity => (
          <li key={stringifyEntityRef(entity)} className={classes.item}>
            <State state={entity.metadata.annotations![STATE]} />
            <EntityRefLink entityRef={entity} />
          </li>
        ))}
      </ul>
    </Section>
  );
};
