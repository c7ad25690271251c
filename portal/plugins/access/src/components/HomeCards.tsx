import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  Countdown,
  Row,
  Rows,
  Section,
  State,
  TimeAgo,
  useLive,
} from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import { Link } from 'react-router-dom';
import { accessApiRef, LIVE_STATES } from '../api';
import { approvalsRouteRef, requestsRouteRef } from '../routes';

const useStyles = makeStyles(theme => ({
  link: { color: theme.palette.link },
}));

/** What waits for the caller's decision. */
export const WaitingForMe = () => {
  const classes = useStyles();
  const api = useApi(accessApiRef);
  const path = useRouteRef(approvalsRouteRef)?.() ?? '/access/approvals';
  const live = useLive(
    async () => (await api.approvals({ view: 'toReview' })).items,
    [api],
    { changes: 'access' },
  );
  return (
    <Section
      title="Waiting for my approval"
      live={live}
      empty={live.value?.length === 0 && 'Nothing waits for you.'}
      actions={
        <Link to={path} className={classes.link}>
          Approvals
        </Link>
      }
    >
      <Rows>
        {live.value?.map(approval => (
          <Row key={approval.id}>
            <Link to={path} className={classes.link}>
              {approval.title}
            </Link>
            <span>
              {approval.requestedBy.name ?? approval.requestedBy.ref},{' '}
              <TimeAgo at={approval.createdAt} />
            </span>
          </Row>
        ))}
      </Rows>
    </Section>
  );
};

/** The caller's access that is not over. */
export const MyAccess = () => {
  const classes = useStyles();
  const api = useApi(accessApiRef);
  const path = useRouteRef(requestsRouteRef)?.() ?? '/access/requests';
  const live = useLive(
    async () =>
      (await api.requests({ view: 'mine', state: LIVE_STATES })).items,
    [api],
    { changes: 'access' },
  );
  if (!live.value?.length) {
    return null;
  }
  return (
    <Section title="My access">
      <Rows>
        {live.value.map(request => (
          <Row key={request.id}>
            <span>
              <Link to={`${path}/${request.id}`} className={classes.link}>
                {request.accessType} access
              </Link>{' '}
              to <EntityRefLink entityRef={request.resource} />
            </span>
            <State state={request.state} />
            {request.state === 'Active' && request.expiresAt && (
              <Countdown until={request.expiresAt} />
            )}
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
