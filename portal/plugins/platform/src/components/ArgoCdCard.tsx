import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import {
  Section,
  TimeAgo,
  useAction,
  useCapabilities,
  useLive,
} from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { useCallback } from 'react';
import { argoCdApiRef } from '../argocd';
import { ApplicationView } from './ApplicationView';

/** Whether what Git says is what runs. */
export const ArgoCdCard = () => {
  const api = useApi(argoCdApiRef);
  const { entity } = useEntity();
  const ref = stringifyEntityRef(entity);
  const { may } = useCapabilities(ref);
  const visible = may('argocd.application.read');
  const live = useLive(
    async () => (visible ? api.applications(ref) : undefined),
    [api, ref, visible],
    { everyMs: 10_000 },
  );
  const { refresh } = live;
  const trigger = useAction(
    useCallback(
      async (name: string, what: 'sync' | 'refresh') => {
        await api.trigger(ref, name, what);
        refresh();
        return what === 'sync'
          ? `Sync of ${name} started`
          : `${name} is compared with Git`;
      },
      [api, ref, refresh],
    ),
  );

  if (!visible) {
    return null;
  }
  return (
    <Section
      title="Argo CD"
      live={live}
      empty={
        live.value?.items.length === 0 &&
        'Argo CD has no application of this entity.'
      }
    >
      {live.value?.stale && (
        <Typography role="status">
          Argo CD does not answer. This is as of{' '}
          <TimeAgo at={live.value.asOf} />.
        </Typography>
      )}
      {live.value?.items.map(application => (
        <ApplicationView
          key={application.name}
          application={application}
          actions={(['refresh', 'sync'] as const)
            .filter(what => may(`argocd.application.${what}`))
            .map(what => (
              <Button
                key={what}
                size="small"
                variant="outlined"
                disabled={trigger.busy}
                aria-label={`${what} ${application.name}`}
                onClick={() => trigger.run(application.name, what)}
              >
                {what}
              </Button>
            ))}
        />
      ))}
    </Section>
  );
};
