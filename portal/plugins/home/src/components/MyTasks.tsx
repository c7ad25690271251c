import { Link } from '@backstage/core-components';
import {
  fetchApiRef,
  identityApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import {
  PlatformClient,
  Section,
  State,
  TimeAgo,
  useLive,
} from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import { useMemo } from 'react';

type Task = {
  id: string;
  status: string;
  createdAt: string;
  spec: { templateInfo?: { entity?: { metadata?: { title?: string } } } };
};

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  item: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: theme.spacing(0.5, 2),
    padding: theme.spacing(0.5, 0),
  },
}));

const LABELS: Record<string, [string, string]> = {
  open: ['Pending', 'Waits to start'],
  processing: ['Running', 'Running'],
  'awaiting-approval': ['Pending', 'Waits for approval'],
  failed: ['Failed', 'Failed'],
  completed: ['Succeeded', 'Completed'],
  cancelled: ['Cancelled', 'Cancelled'],
};

const MOST = 5;

/** What the caller has started, the newest first. */
export const MyTasks = () => {
  const classes = useStyles();
  const fetchApi = useApi(fetchApiRef);
  const identity = useApi(identityApiRef);
  const client = useMemo(
    () => new PlatformClient(fetchApi, 'scaffolder'),
    [fetchApi],
  );
  const live = useLive(
    async () => {
      const { userEntityRef } = await identity.getBackstageIdentity();
      return client.get<{ tasks: Task[] }>('/v2/tasks', {
        createdBy: userEntityRef,
        order: 'desc:created_at',
        limit: MOST,
      });
    },
    [client, identity],
    { everyMs: 5000 },
  );
  return (
    <Section
      title="My tasks"
      live={live}
      empty={live.value?.tasks.length === 0 && 'You have not started any yet.'}
      actions={<Link to="/create/tasks">All</Link>}
    >
      <ul className={classes.list}>
        {live.value?.tasks.map(task => {
          const [state, label] = LABELS[task.status] ?? [
            'Unknown',
            task.status,
          ];
          return (
            <li key={task.id} className={classes.item}>
              <Link to={`/create/tasks/${task.id}`}>
                {task.spec.templateInfo?.entity?.metadata?.title ?? task.id}
              </Link>
              <span>
                <TimeAgo at={task.createdAt} />
              </span>
              <State state={state} label={label} />
            </li>
          );
        })}
      </ul>
    </Section>
  );
};
