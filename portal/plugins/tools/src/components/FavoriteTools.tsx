import { Link } from '@backstage/core-components';
import { Section } from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import { useTools } from '../useTools';
import { Health } from './Health';

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  item: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    padding: theme.spacing(0.5, 0),
  },
}));

/** The caller's favorite tools. Nothing for those who may open none. */
export const FavoriteTools = () => {
  const classes = useStyles();
  const { live, tools = [] } = useTools();
  const favorites = tools.filter(tool => tool.favorite);
  if (tools.length === 0) {
    return null;
  }
  return (
    <Section
      title="Favorite tools"
      live={live}
      empty={
        favorites.length === 0 && 'Mark tools with the star to have them here.'
      }
      actions={<Link to="/tools">All tools</Link>}
    >
      <ul className={classes.list}>
        {favorites.map(tool => (
          <li key={tool.id} className={classes.item}>
            <Link to={tool.url} target="_blank" rel="noopener noreferrer">
              {tool.name}
            </Link>
            <Health of={tool.health} />
          </li>
        ))}
      </ul>
    </Section>
  );
};
