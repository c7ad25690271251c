import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Countdown, Facts, State, TimeAgo } from '@devplatform/portal-react';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { useId } from 'react';
import { Approval } from '../api';
import { approversText } from '../format';
import { ReviewButtons } from './ReviewButtons';
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
  const id = useId();
  const { approval, onReviewed } = props;
  return (
    <Paper component="article" aria-labelledby={id} className={classes.root}>
      <div className={classes.head}>
        <Typography id={id} component="h2" className={classes.title}>
          {approval.title}
        </Typography>
        <State state={approval.state} />
      </div>
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
    </Paper>
  );
};
