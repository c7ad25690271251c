import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  Countdown,
  Row,
  Rows,
  Section,
  State,
  useCapabilities,
  useLive,
} from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { Link } from 'react-router-dom';
import { accessApiRef, LIVE_STATES } from '../api';
import { approversText } from '../format';
import { requestsRouteRef } from '../routes';

/** On an entity that access can be asked for: the button, and the caller's own requests that are not over. */
export const AccessCard = () => {
  const api = useApi(accessApiRef);
  const { entity } = useEntity();
  const ref = stringifyEntityRef(entity);
  const requestsPath = useRouteRef(requestsRouteRef)?.() ?? '/access/requests';
  const { may } = useCapabilities(ref);
  const allowed = may('access.request.create');
  const options = useLive(
    async () => (allowed ? api.options(ref) : undefined),
    [api, ref, allowed],
  );
  const offered = options.value?.items ?? [];
  const mine = useLive(
    async () =>
      offered.length > 0
        ? (
            await api.requests({
              view: 'mine',
              resource: ref,
              state: LIVE_STATES,
            })
          ).items
        : [],
    [api, ref, offered.length],
    { changes: 'access' },
  );

  if (offered.length === 0) {
    return null;
  }
  const [usual] = offered;
  return (
    <Section
      title="Access"
      actions={
        <Button
          component={Link}
          to={`${requestsPath}/new?resource=${encodeURIComponent(ref)}`}
          variant="outlined"
          color="primary"
          size="small"
        >
          Request access
        </Button>
      }
    >
      <Typography variant="body2" color="textSecondary">
        Time-boxed and recorded. {usual.accessType} access{' '}
        {usual.approvers.length > 0
          ? `needs the approval of ${approversText(usual.approvers)}.`
          : 'needs no approval.'}
      </Typography>
      <Rows label="My access">
        {mine.value?.map(request => (
          <Row key={request.id}>
            <Link to={`${requestsPath}/${request.id}`}>
              {request.accessType} access
            </Link>
            <State state={request.state} />
            {request.state === 'Active' && request.expiresAt && (
              <span>
                ends in <Countdown until={request.expiresAt} ended="a moment" />
              </span>
            )}
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
