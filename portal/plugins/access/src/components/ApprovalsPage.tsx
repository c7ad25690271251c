import { useApi } from '@backstage/frontend-plugin-api';
import { ErrorNote, PageBody, useLivePages } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import LinearProgress from '@material-ui/core/LinearProgress';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useState } from 'react';
import { accessApiRef } from '../api';
import { ApprovalItem } from './ApprovalItem';

const useStyles = makeStyles(theme => ({
  views: {
    display: 'flex',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(2),
  },
  list: {
    display: 'grid',
    gap: theme.spacing(2),
    listStyle: 'none',
    margin: 0,
    padding: 0,
  },
}));

const VIEWS = [
  ['toReview', 'Waiting for me'],
  ['all', 'All'],
] as const;

/** What waits for people: access, extensions of it, and tasks of the scaffolder. */
export const ApprovalsPage = () => {
  const classes = useStyles();
  const api = useApi(accessApiRef);
  const [view, setView] = useState<'toReview' | 'all'>('toReview');
  const { live, items, loadMore } = useLivePages(
    cursor => api.approvals({ view, cursor }),
    [api, view],
    { changes: 'access' },
  );
  return (
    <PageBody>
      <div className={classes.views} role="group" aria-label="Which approvals">
        {VIEWS.map(([name, label]) => (
          <Button
            key={name}
            size="small"
            variant={name === view ? 'contained' : 'outlined'}
            color={name === view ? 'primary' : 'default'}
            aria-pressed={name === view}
            onClick={() => setView(name)}
          >
            {label}
          </Button>
        ))}
      </div>
      <ErrorNote error={live.error} onRetry={live.refresh} />
      {live.loading && !live.value && <LinearProgress aria-label="Loading" />}
      {live.value && items.length === 0 && (
        <Typography>
          {view === 'toReview'
            ? 'Nothing waits for you.'
            : 'There is no approval that you may see.'}
        </Typography>
      )}
      <ul className={classes.list} aria-label="Approvals">
        {items.map(approval => (
          <li key={approval.id}>
            <ApprovalItem approval={approval} onReviewed={live.refresh} />
          </li>
        ))}
      </ul>
      {loadMore && <Button onClick={loadMore}>Show more</Button>}
    </PageBody>
  );
};
