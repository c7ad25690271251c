import { makeStyles } from '@material-ui/core/styles';
import { PropsWithChildren } from 'react';

const useStyles = makeStyles(theme => ({
  rows: { listStyle: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: theme.spacing(0.5, 2),
    padding: theme.spacing(0.5, 0),
  },
}));

/** Short rows in a card. */
export const Rows = (props: PropsWithChildren<{ label?: string }>) => (
  <ul className={useStyles().rows} aria-label={props.label}>
    {props.children}
  </ul>
);

/** One of them: what it is at the left, how it stands at the right. */
export const Row = (props: PropsWithChildren<{}>) => (
  <li className={useStyles().row}>{props.children}</li>
);
