import { Link } from '@backstage/core-components';
import { Row, Rows, Section } from '@devplatform/portal-react';
import { useTools } from '../useTools';
import { Health } from './Health';

/** The caller's favorite tools. */
export const FavoriteTools = () => {
  const { live, tools = [] } = useTools();
  const favorites = tools.filter(tool => tool.favorite);
  return (
    <Section
      title="Favorite tools"
      live={live}
      empty={
        favorites.length === 0 && 'Mark tools with the star to have them here.'
      }
      actions={<Link to="/tools">All tools</Link>}
    >
      <Rows>
        {favorites.map(tool => (
          <Row key={tool.id}>
            <Link to={tool.url} target="_blank" rel="noopener noreferrer">
              {tool.name}
            </Link>
            <Health of={tool.health} />
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
