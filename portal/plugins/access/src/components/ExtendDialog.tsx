import { useApi } from '@backstage/frontend-plugin-api';
import { useAction } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogContentText from '@material-ui/core/DialogContentText';
import DialogTitle from '@material-ui/core/DialogTitle';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { useCallback, useId, useState } from 'react';
import { accessApiRef, AccessRequest } from '../api';
import { durationText } from '../format';

const useStyles = makeStyles(theme => ({
  field: { marginTop: theme.spacing(2) },
}));

const LONGER_BY = ['PT15M', 'PT30M', 'PT1H', 'PT2H', 'PT4H'];

/** Asks for more time; the same approvers decide. */
export const ExtendDialog = (props: {
  request: AccessRequest;
  onClose: () => void;
  onDone: () => void;
}) => {
  const classes = useStyles();
  const id = useId();
  const api = useApi(accessApiRef);
  const { request, onClose, onDone } = props;
  const [duration, setDuration] = useState('PT30M');
  const [justification, setJustification] = useState('');
  const extend = useAction(
    useCallback(async () => {
      await api.extend(request.id, { duration, justification });
      onDone();
      onClose();
      return 'Asked for more time';
    }, [api, request.id, duration, justification, onDone, onClose]),
  );
  return (
    <Dialog open onClose={onClose} aria-labelledby={id} fullWidth>
      <DialogTitle id={id}>Extend access</DialogTitle>
      <DialogContent>
        <DialogContentText>
          The same approvers decide, up to the longest time that the policy
          allows.
        </DialogContentText>
        <TextField
          id={`${id}-duration`}
          label="Longer by"
          select
          fullWidth
          variant="outlined"
          SelectProps={{ native: true }}
          value={duration}
          onChange={event => setDuration(event.target.value)}
        >
          {LONGER_BY.map(choice => (
            <option key={choice} value={choice}>
              {durationText(choice)}
            </option>
          ))}
        </TextField>
        <TextField
          id={`${id}-justification`}
          className={classes.field}
          label="Justification"
          required
          fullWidth
          multiline
          variant="outlined"
          value={justification}
          inputProps={{ maxLength: 1000 }}
          onChange={event => setJustification(event.target.value)}
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>Back</Button>
        <Button
          variant="contained"
          color="primary"
          disabled={extend.busy || !justification.trim()}
          onClick={() => extend.run()}
        >
          Ask for it
        </Button>
      </DialogActions>
    </Dialog>
  );
};
