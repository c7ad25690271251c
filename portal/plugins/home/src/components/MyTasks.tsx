import { Link } from '@backstage/core-components';
import {
  fetchApiRef,
  identityApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import {
  PlatformClient,
  Row,
  Rows,
  Section,
  State,
  TimeAgo,
  useLive,
} from '@devplatform/portal-react';
import { useMemo } from 'react';

type Task = {
  id: string;
  status: string;
  createdAt: string;
  spec: { templateInfo?: { entity?: { metadata?: { title?: string } } } };
};

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
    { changes: 'scaffolder-tasks' },
  );
  return (
    <Section
      title="My tasks"
      live={live}
      empty={live.value?.tasks.length === 0 && 'You have not started any yet.'}
      actions={<Link to="/create/tasks">All</Link>}
    >
      <Rows>
        {live.value?.tasks.map(task => {
          const [state, label] = LABELS[task.status] ?? [
            'Unknown',
            task.status,
          ];
          return (
            <Row key={task.id}>
              <Link to={`/create/tasks/${task.id}`}>
                {task.spec.templateInfo?.entity?.metadata?.title ?? task.id}
              </Link>
              <span>
                <TimeAgo at={task.createdAt} />
              </span>
              <State state={state} label={label} />
            </Row>
          );
        })}
      </Rows>
    </Section>
  );
};
