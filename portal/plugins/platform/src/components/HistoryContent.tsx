import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/frontend-plugin-api';
import { EntityRefLink, useEntity } from '@backstage/plugin-catalog-react';
import { Section, TimeAgo, useLive } from '@devplatform/portal-react';
import { makeStyles } from '@material-ui/core/styles';
import { Change, historyApiRef, Transition } from '../history';

const useStyles = makeStyles(theme => ({
  list: { listStyle: 'none', margin: 0, padding: 0 },
  item: {
    padding: theme.spacing(1, 0),
    borderTop: `1px solid ${theme.palette.divider}`,
    overflowWrap: 'anywhere',
  },
  what: { fontWeight: 600 },
  more: { color: theme.palette.text.secondary },
}));

const MOST = 100;

/** Who or what changed the entity, and through which states it went. */
export const HistoryContent = () => {
  const classes = useStyles();
  const api = useApi(historyApiRef);
  const { entity } = useEntity();
  const live = useLive(
    () => api.of(getCompoundEntityRef(entity), MOST),
    [api, stringifyEntityRef(entity)],
    { everyMs: 30_000 },
  );
  return (
    <Section
      title="History"
      live={live}
      empty={live.value?.length === 0 && 'Nothing has changed yet.'}
    >
      <ol className={classes.list}>
        {live.value?.map(change => (
          <li key={change.id} className={classes.item}>
            <span className={classes.what}>{whatOf(change)}</span> by{' '}
            {change.by.startsWith('user:') ? (
              <EntityRefLink entityRef={change.by} />
            ) : (
              change.by
            )}{' '}
            <TimeAgo at={change.at} />
            {change.taskId && (
              <>
                {' '}
                in <Link to={`/create/tasks/${change.taskId}`}>a task</Link>
              </>
            )}
            <div className={classes.more}>
              {[fieldsOf(change), change.revision?.slice(0, 8)]
                .filter(Boolean)
                .join(' · ')}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
};

function whatOf(change: Change) {
  const parts = [change.change];
  if (change.lifecycle) {
    parts.push(arrow(change.lifecycle));
  }
  if (change.owner) {
    parts.push(`owner ${arrow(change.owner)}`);
  }
  return parts.join(', ');
}

function arrow({ from, to }: Transition) {
  return from ? `${from} → ${to ?? 'none'}` : `${to}`;
}

function fieldsOf({ fields }: Change) {
  return fields?.map(({ field }) => field).join(', ');
}
