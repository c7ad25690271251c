import { stringifyEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef, EntityRefLink } from '@backstage/plugin-catalog-react';
import { Row, Rows, Section, State, useLive } from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';

const useStyles = makeStyles(theme => ({
  kind: { color: theme.palette.text.secondary },
}));

const STATE = 'devplatform.io/state';
const MOST = 15;

/** What the caller and their teams own. */
export const MySoftware = () => {
  const classes = useStyles();
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  const live = useLive(
    async () => {
      const { ownershipEntityRefs } = await identity.getBackstageIdentity();
      return catalog.queryEntities({
        filter: {
          kind: ['component', 'api', 'resource', 'system'],
          'relations.ownedBy': ownershipEntityRefs,
        },
        fields: ['kind', 'metadata', 'spec.type'],
        orderFields: { field: 'metadata.name', order: 'asc' },
        limit: MOST,
      });
    },
    [catalog, identity],
    { everyMs: 60_000 },
  );
  const { items = [], totalItems = 0 } = live.value ?? {};
  return (
    <Section
      title="My software"
      live={live}
      empty={
        items.length === 0 && 'Neither you nor your teams own anything yet.'
      }
      actions={<Link to="/catalog?filters[user]=owned">Catalog</Link>}
    >
      <Rows>
        {items.map(entity => (
          <Row key={stringifyEntityRef(entity)}>
            <EntityRefLink entityRef={entity} />
            {entity.metadata.annotations?.[STATE] ? (
              <State state={entity.metadata.annotations[STATE]} />
            ) : (
              <span className={classes.kind}>
                {`${entity.spec?.type ?? entity.kind}`.toLocaleLowerCase(
                  'en-US',
                )}
              </span>
            )}
          </Row>
        ))}
      </Rows>
      {totalItems > items.length && (
        <span className={classes.kind}>
          and {totalItems - items.length} more
        </span>
      )}
    </Section>
  );
};
