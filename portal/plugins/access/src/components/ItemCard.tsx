import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { PropsWithChildren, ReactNode, useId } from 'react';

const useStyles = makeStyles(theme => ({
  root: { padding: theme.spacing(2) },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0.5, 2),
    marginBottom: theme.spacing(1),
  },
  title: { flex: '1 1 auto', fontSize: '1rem', fontWeight: 600 },
}));

/** A request or an approval in a list: what it is, how it stands, and the rest. */
export const ItemCard = (
  props: PropsWithChildren<{ title: ReactNode; standing: ReactNode }>,
) => {
  const classes = useStyles();
  const id = useId();
  return (
    <Paper component="article" aria-labelledby={id} className={classes.root}>
      <div className={classes.head}>
        <Typography id={id} component="h2" className={classes.title}>
          {props.title}
        </Typography>
        {props.standing}
      </div>
      {props.children}
    </Paper>
  );
};
