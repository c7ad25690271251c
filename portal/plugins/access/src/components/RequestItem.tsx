import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Countdown, Facts, State, TimeAgo } from '@devplatform/portal-react';
import { AccessRequest } from '../api';
import { approversText, durationText } from '../format';
import { ItemCard } from './ItemCard';
import { RequestActions } from './RequestActions';
import { Reviews } from './Reviews';

/** A request with where it stands and what may be done about it now. */
export const RequestItem = (props: {
  request: AccessRequest;
  onChanged: () => void;
}) => {
  const { request, onChanged } = props;
  const { approval, credential, teleport } = request;
  const active = request.state === 'Active' && request.expiresAt;
  return (
    <ItemCard
      title={
        <>
          {request.accessType} access to{' '}
          <EntityRefLink entityRef={request.resource} defaultKind="resource" />
        </>
      }
      standing={
        <>
          <State state={request.state} />
          {active && (
            <span>
              ends in <Countdown until={request.expiresAt!} ended="a moment" />
            </span>
          )}
        </>
      }
    >
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
    </ItemCard>
  );
};
