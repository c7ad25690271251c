import { PageBody } from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import { Fragment } from 'react';

const useStyles = makeStyles(theme => ({
  cards: {
    columnWidth: 380,
    columnGap: theme.spacing(3),
    '& > *': { breakInside: 'avoid', marginBottom: theme.spacing(3) },
  },
}));

export const HomePage = (props: { cards: JSX.Element[] }) => {
  const classes = useStyles();
  return (
    <PageBody>
      <div className={classes.cards}>
        {props.cards.map((card, index) => (
          <Fragment key={index}>{card}</Fragment>
        ))}
      </div>
    </PageBody>
  );
};
