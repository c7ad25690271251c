import { Countdown } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogActions from '@material-ui/core/DialogActions';
import DialogContent from '@material-ui/core/DialogContent';
import DialogContentText from '@material-ui/core/DialogContentText';
import DialogTitle from '@material-ui/core/DialogTitle';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { useId, useState } from 'react';
import { Credential } from '../api';

const useStyles = makeStyles(theme => ({
  row: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginTop: theme.spacing(2),
  },
}));

/** The one time a credential is shown. It lives in this dialog's props and nowhere else. */
export const CredentialDialog = (props: {
  credential: Credential;
  onClose: () => void;
}) => {
  const classes = useStyles();
  const id = useId();
  const { credential, onClose } = props;
  const [revealed, setRevealed] = useState(false);
  const [copied, setCopied] = useState('');

  const copy = async (name: string, value: string) => {
    await navigator.clipboard.writeText(value);
    setCopied(`${name} copied`);
  };
  const rows: Array<[string, string | null]> = [
    ['Username', credential.username],
    ['Password', credential.password],
    [
      'Address',
      credential.host && `${credential.host}:${credential.port ?? 5432}`,
    ],
    ['Database', credential.database],
  ];

  return (
    <Dialog
      open
      fullWidth
      aria-labelledby={id}
      onClose={(_, reason) => reason !== 'backdropClick' && onClose()}
    >
      <DialogTitle id={id}>Credential</DialogTitle>
      <DialogContent>
        <DialogContentText>
          It is shown once: when this is closed nobody can see it again. It ends
          in <Countdown until={credential.expiresAt} ended="a moment" />.
        </DialogContentText>
        {rows.map(
          ([name, value]) =>
            value && (
              <div key={name} className={classes.row}>
                <TextField
                  id={`${id}-${name}`}
                  label={name}
                  fullWidth
                  size="small"
                  variant="outlined"
                  value={value}
                  type={name === 'Password' && !revealed ? 'password' : 'text'}
                  inputProps={{ readOnly: true, autoComplete: 'off' }}
                />
                {name === 'Password' && (
                  <Button
                    aria-pressed={revealed}
                    onClick={() => setRevealed(!revealed)}
                  >
                    {revealed ? 'Hide' : 'Reveal'}
                  </Button>
                )}
                <Button
                  aria-label={`Copy ${name}`}
                  onClick={() => copy(name, value)}
                >
                  Copy
                </Button>
              </div>
            ),
        )}
        <div role="status">{copied}</div>
      </DialogContent>
      <DialogActions>
        <Button variant="contained" color="primary" onClick={onClose}>
          I have it
        </Button>
      </DialogActions>
    </Dialog>
  );
};
