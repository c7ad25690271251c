import { useApi } from '@backstage/frontend-plugin-api';
import { useAction } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import { useCallback, useState } from 'react';
import { accessApiRef, Approval } from '../api';
import { ReasonDialog } from './ReasonDialog';

/** Approve and deny, each with room for a comment. */
export const ReviewButtons = (props: {
  approval: Approval;
  onReviewed: () => void;
}) => {
  const api = useApi(accessApiRef);
  const { approval, onReviewed } = props;
  const [decision, setDecision] = useState<'approve' | 'deny'>();
  const review = useAction(
    useCallback(
      async (answer: 'approve' | 'deny', comment: string) => {
        await api.review(approval.id, answer, comment);
        onReviewed();
        return answer === 'approve' ? 'Approved' : 'Denied';
      },
      [api, approval.id, onReviewed],
    ),
  );
  return (
    <>
      <Button
        variant="contained"
        color="primary"
        onClick={() => setDecision('approve')}
      >
        Approve
      </Button>
      <Button variant="outlined" onClick={() => setDecision('deny')}>
        Deny
      </Button>
      {decision && (
        <ReasonDialog
          title={decision === 'approve' ? 'Approve' : 'Deny'}
          text={approval.title}
          label="Comment"
          action={decision === 'approve' ? 'Approve' : 'Deny'}
          busy={review.busy}
          onClose={() => setDecision(undefined)}
          onConfirm={async comment =>
            (await review.run(decision, comment)) && setDecision(undefined)
          }
        />
      )}
    </>
  );
};
