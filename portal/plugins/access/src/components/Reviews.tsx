import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { TimeAgo } from '@devplatform/portal-react';
import { Approval } from '../api';

/** The answers of approvers so far. */
export const Reviews = (props: { of: Pick<Approval, 'reviews'> }) => (
  <>
    {props.of.reviews.map(review => (
      <div key={review.by.ref}>
        {review.decision === 'approve' ? 'Approved' : 'Denied'} by{' '}
        <EntityRefLink entityRef={review.by.ref} /> <TimeAgo at={review.at} />
        {review.comment && `: ${review.comment}`}
      </div>
    ))}
  </>
);
