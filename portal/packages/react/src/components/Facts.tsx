import { makeStyles } from '@material-ui/core/styles';
import { ReactNode } from 'react';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: theme.spacing(0.5, 2),
    margin: 0,
    [theme.breakpoints.down('xs')]: { gridTemplateColumns: '1fr' },
  },
  name: { color: theme.palette.text.secondary },
  value: { margin: 0, overflowWrap: 'anywhere' },
}));

/** Names and values; those without a value are left out. */
export const Facts = (props: { of: Record<string, ReactNode> }) => {
  const classes = useStyles();
  return (
    <dl className={classes.list}>
      {Object.entries(props.of)
        .filter(([, value]) => value || value === 0)
        .map(([name, value]) => [
          <dt key={`${name}-name`} className={classes.name}>
            {name}
          </dt>,
          <dd key={name} className={classes.value}>
            {value}
          </dd>,
        ])}
    </dl>
  );
};
