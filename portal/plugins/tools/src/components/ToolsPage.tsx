import { ErrorNote, PageBody } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import LinearProgress from '@material-ui/core/LinearProgress';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { useState } from 'react';
import { Tool } from '../api';
import { useTools } from '../useTools';
import { ToolCard } from './ToolCard';

const useStyles = makeStyles(theme => ({
  filters: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(2),
    padding: theme.spacing(2),
  },
  search: { flex: '1 1 240px', maxWidth: 420 },
  group: { marginBottom: theme.spacing(3) },
  title: {
    fontSize: '1.15rem',
    fontWeight: 600,
    marginBottom: theme.spacing(1),
  },
  list: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(240px, 100%), 1fr))',
    gap: theme.spacing(2),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
}));

const ALL = 'All';

export const ToolsPage = () => {
  const classes = useStyles();
  const { live, tools = [], setFavorite } = useTools();
  const [search, setSearch] = useState('');
  const [category, setCategory] = useState(ALL);

  const categories = [...new Set(tools.map(tool => tool.category))].sort();
  const shown = tools.filter(
    tool =>
      (category === ALL || tool.category === category) &&
      `${tool.name} ${tool.description} ${tool.category}`
        .toLocaleLowerCase('en-US')
        .includes(search.trim().toLocaleLowerCase('en-US')),
  );
  const groups: Array<[string, Tool[]]> = [
    ['Favorites', shown.filter(tool => tool.favorite)],
    ...categories.map((name): [string, Tool[]] => [
      name,
      shown.filter(tool => tool.category === name && !tool.favorite),
    ]),
  ];

  return (
    <PageBody>
      <Paper className={classes.filters} role="search">
        <TextField
          id="tools-search"
          className={classes.search}
          label="Search tools"
          type="search"
          size="small"
          variant="outlined"
          value={search}
          onChange={event => setSearch(event.target.value)}
        />
        {[ALL, ...categories].map(name => (
          <Button
            key={name}
            size="small"
            variant={name === category ? 'contained' : 'outlined'}
            color={name === category ? 'primary' : 'default'}
            aria-pressed={name === category}
            onClick={() => setCategory(name)}
          >
            {name}
          </Button>
        ))}
      </Paper>
      <ErrorNote error={live.error} onRetry={live.refresh} />
      {live.loading && !live.value && <LinearProgress aria-label="Loading" />}
      {live.value && shown.length === 0 && (
        <Typography>
          {tools.length === 0
            ? 'There is no tool that you may open.'
            : 'No tool matches.'}
        </Typography>
      )}
      {groups
        .filter(([, group]) => group.length > 0)
        .map(([name, group]) => (
          <section key={name} aria-label={name} className={classes.group}>
            <Typography component="h2" className={classes.title}>
              {name}
            </Typography>
            <ul className={classes.list}>
              {group.map(tool => (
                <li key={tool.id}>
                  <ToolCard tool={tool} onFavorite={setFavorite} />
                </li>
              ))}
            </ul>
          </section>
        ))}
    </PageBody>
  );
};
