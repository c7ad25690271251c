import { stringifyEntityRef } from '@backstage/catalog-model';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef, EntityRefLink } from '@backstage/plugin-catalog-react';
import { Section, State, useEvents, useLive } from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import { provisioningOf } from '../provisioning';

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  item: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    padding: theme.spacing(0.5, 0),
  },
}));

/** Resources of the caller's teams that are on their way, live. Nothing when none is. */
export const BeingProvisioned = () => {
  const classes = useStyles();
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  const live = useLive(
    async () => {
      const { ownershipEntityRefs } = await identity.getBackstageIdentity();
      const { items } = await catalog.getEntities({
        filter: {
          kind: 'resource',
          'metadata.annotations.devplatform.io/state': [
            'Provisioning',
            'Deleting',
          ],
          'relations.ownedBy': ownershipEntityRefs,
        },
      });
      return items;
    },
    [catalog, identity],
    { everyMs: 30_000 },
  );
  useEvents(
    'plugin://catalog/events?filter=kind=resource',
    ({ event }) => event !== 'heartbeat' && live.refresh(),
  );
  if (!live.value?.length) {
    return null;
  }
  return (
    <Section title="Being provisioned">
      <ul className={classes.list}>
        {live.value.map(entity => (
          <li key={stringifyEntityRef(entity)} className={classes.item}>
            <EntityRefLink entityRef={entity} />
            <State state={provisioningOf(entity)?.state ?? 'Provisioning'} />
          </li>
        ))}
      </ul>
    </Section>
  );
};
