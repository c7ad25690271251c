import { Progress } from '@backstage/core-components';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { ReactNode, useId } from 'react';
import { Live } from '../live/useLive';
import { ErrorNote } from './ErrorNote';

const useStyles = makeStyles(theme => ({
  root: { padding: theme.spacing(2), minWidth: 0 },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1.5),
  },
  title: { flex: '1 1 auto', fontSize: '1.15rem', fontWeight: 600 },
}));

/** A titled part of a page or an entity card, with the state of what it shows: loading, failed, nothing there. */
export function Section<T>(props: {
  title: string;
  actions?: ReactNode;
  live?: Live<T>;
  empty?: string | false;
  children?: ReactNode;
}) {
  const classes = useStyles();
  const id = useId();
  const { title, actions, live, empty, children } = props;
  return (
    <Paper component="section" aria-labelledby={id} className={classes.root}>
      <div className={classes.head}>
        <Typography id={id} component="h2" className={classes.title}>
          {title}
        </Typography>
        {actions}
      </div>
      <ErrorNote error={live?.error} onRetry={live?.refresh} />
      {live && live.value === undefined && !live.error && <Progress />}
      {(!live || live.value !== undefined) &&
        (empty ? (
          <Typography color="textSecondary">{empty}</Typography>
        ) : (
          children
        ))}
    </Paper>
  );
}
