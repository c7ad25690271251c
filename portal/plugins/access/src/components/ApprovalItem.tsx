import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Countdown, Facts, State, TimeAgo } from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import { Approval } from '../api';
import { approversText } from '../format';
import { ItemCard } from './ItemCard';
import { ReviewButtons } from './ReviewButtons';
import { Reviews } from './Reviews';

const useStyles = makeStyles(theme => ({
  actions: {
    display: 'flex',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1.5),
  },
}));

const SUBJECTS: Record<string, string> = {
  'access.request': 'Access',
  'access.extension': 'Longer access',
  'scaffolder.task': 'Self-service task',
};

export const ApprovalItem = (props: {
  approval: Approval;
  onReviewed: () => void;
}) => {
  const classes = useStyles();
  const { approval, onReviewed } = props;
  return (
    <ItemCard
      title={approval.title}
      standing={<State state={approval.state} />}
    >
      <Facts
        of={{
          Kind: SUBJECTS[approval.subjectType] ?? approval.subjectType,
          'Requested by': (
            <>
              <EntityRefLink entityRef={approval.requestedBy.ref} />{' '}
              <TimeAgo at={approval.createdAt} />
            </>
          ),
          Because: approval.reason,
          For: approval.resource && (
            <EntityRefLink
              entityRef={approval.resource}
              defaultKind="resource"
            />
          ),
          Environment: approval.environment,
          Task: approval.subjectType === 'scaffolder.task' && (
            <Link to={`/create/tasks/${approval.subjectId}`}>
              {approval.subjectId}
            </Link>
          ),
          Approvers: approversText(approval.approvers),
          Reviews: approval.reviews.length > 0 && <Reviews of={approval} />,
          Escalated: approval.escalatedAt && (
            <TimeAgo at={approval.escalatedAt} />
          ),
          'Expires in': approval.state === 'Pending' && (
            <Countdown until={approval.expiresAt} ended="a moment" />
          ),
        }}
      />
      {approval.actions.includes('review') && (
        <div className={classes.actions}>
          <ReviewButtons approval={approval} onReviewed={onReviewed} />
        </div>
      )}
    </ItemCard>
  );
};
