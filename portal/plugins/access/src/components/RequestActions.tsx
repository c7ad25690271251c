import { useApi } from '@backstage/frontend-plugin-api';
import { useAction } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { useCallback, useState } from 'react';
import { accessApiRef, AccessRequest, Credential } from '../api';
import { CredentialDialog } from './CredentialDialog';
import { ExtendDialog } from './ExtendDialog';
import { ReasonDialog } from './ReasonDialog';
import { ReviewButtons } from './ReviewButtons';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1),
    marginTop: theme.spacing(1.5),
    '&:empty': { display: 'none' },
  },
}));

/** The buttons for what the caller may do now; the API says what that is. */
export const RequestActions = (props: {
  request: AccessRequest;
  onChanged: () => void;
}) => {
  const classes = useStyles();
  const api = useApi(accessApiRef);
  const { request, onChanged } = props;
  const { id } = request;
  const may = (action: string) => request.actions.includes(action);
  const [dialog, setDialog] = useState<'revoke' | 'extend'>();
  const [credential, setCredential] = useState<Credential>();
  const close = () => setDialog(undefined);

  const issue = useAction(
    useCallback(async () => {
      setCredential(await api.issueCredential(id));
      onChanged();
    }, [api, id, onChanged]),
  );
  const cancel = useAction(
    useCallback(async () => {
      await api.cancel(id);
      onChanged();
      return 'Request withdrawn';
    }, [api, id, onChanged]),
  );
  const revoke = useAction(
    useCallback(
      async (reason: string) => {
        await api.revoke(id, reason);
        onChanged();
        return 'Access ended';
      },
      [api, id, onChanged],
    ),
  );

  return (
    <>
      <div className={classes.root}>
        {may('review') && request.approval && (
          <ReviewButtons approval={request.approval} onReviewed={onChanged} />
        )}
        {may('credentials') && (
          <Button
            variant="contained"
            color="primary"
            disabled={issue.busy}
            onClick={() => issue.run()}
          >
            Show credential
          </Button>
        )}
        {may('extend') && (
          <Button variant="outlined" onClick={() => setDialog('extend')}>
            Extend
          </Button>
        )}
        {may('cancel') && (
          <Button
            variant="outlined"
            disabled={cancel.busy}
            onClick={() => cancel.run()}
          >
            Withdraw
          </Button>
        )}
        {may('revoke') && (
          <Button variant="outlined" onClick={() => setDialog('revoke')}>
            End access
          </Button>
        )}
      </div>
      {credential && (
        <CredentialDialog
          credential={credential}
          onClose={() => setCredential(undefined)}
        />
      )}
      {dialog === 'extend' && (
        <ExtendDialog request={request} onClose={close} onDone={onChanged} />
      )}
      {dialog === 'revoke' && (
        <ReasonDialog
          title="End access"
          text="The access ends now, and its credential is revoked."
          label="Reason"
          action="End access"
          busy={revoke.busy}
          onClose={close}
          onConfirm={async reason => (await revoke.run(reason)) && close()}
        />
      )}
    </>
  );
};
