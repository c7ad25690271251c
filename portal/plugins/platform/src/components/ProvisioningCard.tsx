import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  catalogApiRef,
  useAsyncEntity,
  useEntity,
} from '@backstage/plugin-catalog-react';
import {
  Facts,
  Section,
  State,
  TimeAgo,
  useEvents,
  useLive,
} from '@devplatform/portal-react';
import Step from '@material-ui/core/Step';
import StepLabel from '@material-ui/core/StepLabel';
import Stepper from '@material-ui/core/Stepper';
import { makeStyles } from '@material-ui/core/styles';
import { useEffect } from 'react';
import { progressOf, provisioningOf, STATIONS } from '../provisioning';

const useStyles = makeStyles(theme => ({
  stepper: { padding: theme.spacing(1, 0, 2), backgroundColor: 'transparent' },
}));

/** Until the stream of changes is there, and should it miss one. */
const EVERY_MS = 15_000;

/** How far the cluster is with a Resource, live. */
export const ProvisioningCard = () => {
  const classes = useStyles();
  const catalog = useApi(catalogApiRef);
  const { entity } = useEntity();
  const { refresh: refreshPage } = useAsyncEntity();
  const ref = stringifyEntityRef(entity);
  const live = useLive(() => catalog.getEntityByRef(ref), [catalog, ref], {
    everyMs: EVERY_MS,
  });
  const { kind, namespace, name } = parseEntityRef(ref);
  useEvents(
    `plugin://catalog/events?filter=${encodeURIComponent(
      `kind=${kind},metadata.namespace=${namespace},metadata.name=${name}`,
    )}`,
    ({ event }) => event !== 'heartbeat' && live.refresh(),
  );

  const now = provisioningOf(live.value ?? entity);
  const before = provisioningOf(entity);
  const state = now?.state;
  useEffect(() => {
    // The other cards of the page show the entity as it was loaded.
    if (state && before && state !== before.state) {
      refreshPage?.();
    }
  }, [state, before, refreshPage]);

  if (!now) {
    return null;
  }
  const active = progressOf(now.state);
  const { connection, backup } = now;
  return (
    <Section
      title="Provisioning"
      actions={
        <span role="status">
          <State state={now.state} />
        </span>
      }
    >
      <Stepper
        className={classes.stepper}
        activeStep={active}
        alternativeLabel
        aria-label="Progress"
      >
        {STATIONS.map((station, index) => (
          <Step key={station}>
            <StepLabel
              error={
                index === active && ['Failed', 'Degraded'].includes(now.state)
              }
            >
              {station}
            </StepLabel>
          </Step>
        ))}
      </Stepper>
      <Facts
        of={{
          Message: now.message,
          Since: now.since && <TimeAgo at={now.since} />,
          Environment: now.environment,
          Size: now.size,
          Claim: now.claim && <code>{now.claim}</code>,
          Address:
            connection?.host &&
            `${connection.host}${connection.port ? `:${connection.port}` : ''}`,
          Database: connection?.database,
          'Vault path': now.vaultPath && <code>{now.vaultPath}</code>,
          Backup: backup?.schedule,
          'Last backup': backup?.lastSuccessful && (
            <TimeAgo at={backup.lastSuccessful} />
          ),
        }}
      />
    </Section>
  );
};
