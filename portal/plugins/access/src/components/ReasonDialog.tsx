import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogContentText from '@material-ui/core/DialogContentText';
import DialogTitle from '@material-ui/core/DialogTitle';
import TextField from '@material-ui/core/TextField';
import { useId, useState } from 'react';

/** Asks for a reason before something is done. */
export const ReasonDialog = (props: {
  title: string;
  text?: string;
  label: string;
  action: string;
  busy: boolean;
  onClose: () => void;
  onConfirm: (reason: string) => void;
}) => {
  const id = useId();
  const [reason, setReason] = useState('');
  return (
    <Dialog open onClose={props.onClose} aria-labelledby={id} fullWidth>
      <DialogTitle id={id}>{props.title}</DialogTitle>
      <DialogContent>
        {props.text && <DialogContentText>{props.text}</DialogContentText>}
        <TextField
          id={`${id}-reason`}
          label={props.label}
          fullWidth
          multiline
          variant="outlined"
          value={reason}
          inputProps={{ maxLength: 1000 }}
          onChange={event => setReason(event.target.value)}
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={props.onClose}>Back</Button>
        <Button
          variant="contained"
          color="primary"
          disabled={props.busy}
          onClick={() => props.onConfirm(reason.trim())}
        >
          {props.action}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
