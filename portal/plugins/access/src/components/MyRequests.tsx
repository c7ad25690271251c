import { useCapabilities } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { Link } from 'react-router-dom';
import { RequestList } from './RequestList';

const useStyles = makeStyles(theme => ({
  actions: { marginBottom: theme.spacing(2) },
}));

export const MyRequests = () => {
  const classes = useStyles();
  const { may } = useCapabilities();
  return (
    <>
      {may('access.request.create') && (
        <div className={classes.actions}>
          <Button component={Link} to="new" variant="contained" color="primary">
            Request access
          </Button>
        </div>
      )}
      <RequestList
        query={{ view: 'mine' }}
        label="My requests"
        empty="You have not asked for access yet. Databases, servers and services offer it on their pages in the catalog."
      />
    </>
  );
};
