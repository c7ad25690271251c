import { useApi } from '@backstage/frontend-plugin-api';
import { ErrorNote, useLivePages } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import LinearProgress from '@material-ui/core/LinearProgress';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { accessApiRef, RequestQuery } from '../api';
import { RequestItem } from './RequestItem';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(2),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
}));

/** Requests, current all the time. */
export const RequestList = (props: {
  query: RequestQuery;
  empty: string;
  label: string;
}) => {
  const classes = useStyles();
  const api = useApi(accessApiRef);
  const { query, empty, label } = props;
  const { live, items, loadMore } = useLivePages(
    cursor => api.requests({ ...query, cursor }),
    [api, query.view, `${query.state}`, query.resource],
    { changes: 'access' },
  );
  return (
    <>
      <ErrorNote error={live.error} onRetry={live.refresh} />
      {live.loading && !live.value && <LinearProgress aria-label="Loading" />}
      {live.value && items.length === 0 && <Typography>{empty}</Typography>}
      <ul className={classes.list} aria-label={label}>
        {items.map(request => (
          <li key={request.id}>
            <RequestItem request={request} onChanged={live.refresh} />
          </li>
        ))}
      </ul>
      {loadMore && <Button onClick={loadMore}>Show more</Button>}
    </>
  );
};
