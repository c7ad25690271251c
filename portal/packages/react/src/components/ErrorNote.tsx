import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { messageOf } from '../api/PlatformClient';

/** What went wrong, where it went wrong. */
export const ErrorNote = (props: { error?: Error; onRetry?: () => void }) =>
  props.error ? (
    <div role="alert">
      <Typography color="error" component="span">
        {messageOf(props.error)}
      </Typography>
      {props.onRetry && (
        <Button size="small" onClick={props.onRetry}>
          Try again
        </Button>
      )}
    </div>
  ) : null;
