import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { ErrorNote, useLive } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import LinearProgress from '@material-ui/core/LinearProgress';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { FormEvent, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { accessApiRef } from '../api';
import { requestsRouteRef } from '../routes';
import { RequestFields, RequestDraft, choose } from './RequestFields';

const useStyles = makeStyles(theme => ({
  form: {
    display: 'grid',
    gap: theme.spacing(2),
    maxWidth: 640,
    padding: theme.spacing(3),
  },
  title: { fontSize: '1.15rem', fontWeight: 600 },
  actions: { display: 'flex', gap: theme.spacing(1) },
}));

/** Asks for access to an entity: what the policy offers for it, and why it is needed. */
export const RequestForm = () => {
  const classes = useStyles();
  const api = useApi(accessApiRef);
  const navigate = useNavigate();
  const requestsPath = useRouteRef(requestsRouteRef)?.() ?? '/access/requests';
  const [search, setSearch] = useSearchParams();
  const resource = search.get('resource') ?? '';
  const [typed, setTyped] = useState('');
  const live = useLive(
    async () => (resource ? api.options(resource) : undefined),
    [api, resource],
  );
  const [draft, setDraft] = useState<RequestDraft>({ justification: '' });
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);

  const options = live.value?.items ?? [];
  const chosen = choose(options, draft);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!chosen) {
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      const { id } = await api.create({
        resource,
        target: chosen.target,
        accessType: chosen.accessType,
        duration: draft.duration ?? chosen.defaultDuration,
        justification: draft.justification.trim(),
        startAt: draft.startAt && new Date(draft.startAt).toISOString(),
        urgency: draft.urgent ? 'urgent' : 'normal',
      });
      navigate(`${requestsPath}/${id}`);
    } catch (e) {
      // What was typed stays: it can be sent again.
      setError(e as Error);
      setBusy(false);
    }
  };

  if (!resource) {
    return (
      <Paper
        component="form"
        className={classes.form}
        aria-label="Which resource"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          setSearch({ resource: typed.trim() }, { replace: true });
        }}
      >
        <TextField
          id="access-resource"
          label="Resource"
          placeholder="resource:default/orders-db"
          helperText="Its entity reference; its page in the catalog has a button that leads here"
          required
          variant="outlined"
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
        <div>
          <Button type="submit" variant="contained" color="primary">
            Next
          </Button>
        </div>
      </Paper>
    );
  }

  return (
    <Paper
      component="form"
      className={classes.form}
      aria-label="Request access"
      onSubmit={submit}
    >
      <Typography component="h2" className={classes.title}>
        Request access to{' '}
        <EntityRefLink entityRef={resource} defaultKind="resource" />
      </Typography>
      <ErrorNote error={live.error} onRetry={live.refresh} />
      {live.loading && <LinearProgress aria-label="Loading" />}
      {live.value && !chosen && (
        <Typography>
          {live.value.problem ?? 'No access to this can be asked for.'}
        </Typography>
      )}
      {chosen && (
        <>
          <RequestFields
            options={options}
            chosen={chosen}
            draft={draft}
            onChange={setDraft}
          />
          <ErrorNote error={error} />
          <div className={classes.actions}>
            <Button
              type="submit"
              variant="contained"
              color="primary"
              disabled={busy || !draft.justification.trim()}
            >
              Request access
            </Button>
            <Button onClick={() => navigate(-1)}>Back</Button>
          </div>
        </>
      )}
    </Paper>
  );
};
