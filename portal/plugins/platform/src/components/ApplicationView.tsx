import { Link } from '@backstage/core-components';
import { Facts, State, TimeAgo } from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import { ReactNode } from 'react';
import { Application } from '../argocd';

const useStyles = makeStyles(theme => ({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    marginBottom: theme.spacing(1),
  },
  name: { fontWeight: 600, flex: '1 1 auto' },
}));

export const ApplicationView = (props: {
  application: Application;
  actions: ReactNode;
}) => {
  const classes = useStyles();
  const { application, actions } = props;
  const last = application.history.slice(-3).reverse();
  return (
    <div>
      <div className={classes.head}>
        <span className={classes.name}>
          {application.url ? (
            <Link to={application.url}>{application.name}</Link>
          ) : (
            application.name
          )}
        </span>
        <State state={application.syncStatus ?? 'Unknown'} />
        <State state={application.healthStatus ?? 'Unknown'} />
        {actions}
      </div>
      <Facts
        of={{
          Revision: application.revision && (
            <code title={application.revision}>
              {application.revision.slice(0, 8)}
            </code>
          ),
          Follows: application.targetRevision,
          'Last synced': application.lastSyncedAt && (
            <TimeAgo at={application.lastSyncedAt} />
          ),
          Operation: application.phase && <State state={application.phase} />,
          Message: application.message,
          Deployments: last.length > 0 && (
            <>
              {last.map(entry => (
                <div key={entry.id}>
                  <code>{entry.revision?.slice(0, 8)}</code>{' '}
                  {entry.deployedAt && <TimeAgo at={entry.deployedAt} />}
                </div>
              ))}
            </>
          ),
        }}
      />
    </div>
  );
};
