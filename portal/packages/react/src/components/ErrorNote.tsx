import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { messageOf } from '../api/PlatformClient';

// The theme's own error colour is too pale for text on either background.
const useStyles = makeStyles(theme => ({
  text: { color: theme.palette.type === 'dark' ? '#ff9c9c' : '#b3001b' },
}));

/** What went wrong, where it went wrong. */
export const ErrorNote = (props: { error?: Error; onRetry?: () => void }) => {
  const classes = useStyles();
  const { error, onRetry } = props;
  return error ? (
    <div role="alert">
      <Typography component="span" className={classes.text}>
        {messageOf(error)}
      </Typography>
      {onRetry && (
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  ) : null;
};
