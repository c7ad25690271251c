import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/frontend-plugin-api';
import { EntityRefLink, useEntity } from '@backstage/plugin-catalog-react';
import { Section, useLive } from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { toolsApiRef } from '../api';
import { Health } from './Health';

const useStyles = makeStyles(theme => ({
  tool: {
    display: 'grid',
    gridTemplateColumns: 'minmax(120px, 1fr) minmax(0, 3fr) max-content',
    gap: theme.spacing(1, 2),
    alignItems: 'center',
    padding: theme.spacing(1, 0),
    borderTop: `1px solid ${theme.palette.divider}`,
    [theme.breakpoints.down('xs')]: { gridTemplateColumns: '1fr' },
  },
  list: { listStyle: 'none', margin: 0, padding: 0 },
  name: { fontWeight: 600 },
}));

/** What an entity has in which tool, with links that lead to the very thing. */
export const EntityTools = () => {
  const classes = useStyles();
  const api = useApi(toolsApiRef);
  const { entity } = useEntity();
  const ref = stringifyEntityRef(entity);
  const live = useLive(
    () => api.forEntity(getCompoundEntityRef(entity)),
    [api, ref],
    { everyMs: 60_000 },
  );
  return (
    <Section
      title="Tools"
      live={live}
      empty={
        live.value?.length === 0 &&
        'Nothing of this entity is in a tool that you may open.'
      }
    >
      <ul className={classes.list}>
        {live.value?.map(tool => (
          <li key={tool.id} className={classes.tool}>
            <div>
              <Typography className={classes.name}>{tool.name}</Typography>
              <Typography variant="body2" color="textSecondary">
                {tool.category}
              </Typography>
            </div>
            <ul className={classes.list}>
              {tool.links.map(link => (
                <li key={link.url}>
                  <Link to={link.url} target="_blank" rel="noopener noreferrer">
                    {link.title}
                  </Link>
                  {link.entityRef !== ref && (
                    <>
                      {' '}
                      of <EntityRefLink entityRef={link.entityRef} />
                    </>
                  )}
                </li>
              ))}
            </ul>
            <Health of={tool.health} />
          </li>
        ))}
      </ul>
    </Section>
  );
};
