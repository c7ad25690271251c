import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Countdown, Facts, State, TimeAgo } from '@devplatform/portal-react';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useId } from 'react';
import { AccessRequest } from '../api';
import { approversText, durationText } from '../format';
import { RequestActions } from './RequestActions';
import { Reviews } from './Reviews';

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

/** A request with where it stands and what may be done about it now. */
export const RequestItem = (props: {
  request: AccessRequest;
  onChanged: () => void;
}) => {
  const classes = useStyles();
  const id = useId();
  const { request, onChanged } = props;
  const { approval, credential, teleport } = request;
  const active = request.state === 'Active' && request.expiresAt;
  return (
    <Paper component="article" aria-labelledby={id} className={classes.root}>
      <div className={classes.head}>
        <Typography id={id} component="h2" className={classes.title}>
          {request.accessType} access to{' '}
          <EntityRefLink entityRef={request.resource} defaultKind="resource" />
        </Typography>
        <State state={request.state} />
        {active && (
          <span>
            ends in <Countdown until={request.expiresAt!} ended="a moment" />
          </span>
        )}
      </div>
      <Facts
        of={{
          'Requested by': (
            <>
              <EntityRefLink entityRef={request.requestedBy.ref} />{' '}
              <TimeAgo at={request.createdAt} />
            </>
          ),
          For: `${durationText(request.duration)}, ${request.target}, ${
            request.environment
          }${request.urgency === 'urgent' ? ', urgent' : ''}`,
          Because: request.justification,
          Starts:
            request.startAt && !request.activatedAt
              ? new Date(request.startAt).toLocaleString()
              : undefined,
          Ended: request.endedAt && <TimeAgo at={request.endedAt} />,
          'Waits for':
            approval?.state === 'Pending'
              ? approversText(approval.approvers)
              : undefined,
          Reviews: approval && approval.reviews.length > 0 && (
            <Reviews of={approval} />
          ),
          Credential: credential && (
            <>
              shown <TimeAgo at={credential.issuedAt} />
              {credential.revokedAt && (
                <>
                  , revoked <TimeAgo at={credential.revokedAt} />
                </>
              )}
            </>
          ),
          Note: request.message,
          Teleport: (teleport.requestUrl || teleport.recordingsUrl) && (
            <>
              {teleport.requestUrl && (
                <Link to={teleport.requestUrl}>request</Link>
              )}{' '}
              {teleport.recordingsUrl && (
                <Link to={teleport.recordingsUrl}>session recordings</Link>
              )}
            </>
          ),
        }}
      />
      <RequestActions request={request} onChanged={onChanged} />
    </Paper>
  );
};
