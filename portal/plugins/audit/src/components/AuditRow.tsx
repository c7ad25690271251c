import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Facts, State } from '@devplatform/portal-react';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles } from '@material-ui/core/styles';
import TableCell from '@material-ui/core/TableCell';
import TableRow from '@material-ui/core/TableRow';
import ExpandLessIcon from '@material-ui/icons/ExpandLess';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import { useState } from 'react';
import { AuditEvent } from '../api';

const useStyles = makeStyles(theme => ({
  hash: { fontFamily: 'monospace', overflowWrap: 'anywhere' },
  json: {
    margin: 0,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontSize: '0.85rem',
  },
  details: { padding: theme.spacing(1, 2, 2) },
  resource: { overflowWrap: 'anywhere', minWidth: 160 },
  whole: { whiteSpace: 'nowrap' },
}));

export const AuditRow = (props: { event: AuditEvent }) => {
  const classes = useStyles();
  const { event } = props;
  const [open, setOpen] = useState(false);
  return (
    <>
      <TableRow>
        <TableCell padding="checkbox">
          <IconButton
            size="small"
            aria-label={`Details of event ${event.sequence}`}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? <ExpandLessIcon /> : <ExpandMoreIcon />}
          </IconButton>
        </TableCell>
        <TableCell className={classes.whole}>
          <time dateTime={event.occurredAt}>
            {new Date(event.occurredAt).toLocaleString()}
          </time>
        </TableCell>
        <TableCell className={classes.whole}>
          {event.actorRef.startsWith('user:') ? (
            <EntityRefLink entityRef={event.actorRef} />
          ) : (
            event.actorRef
          )}
        </TableCell>
        <TableCell className={classes.whole}>{event.action}</TableCell>
        <TableCell className={classes.resource}>{event.resource}</TableCell>
        <TableCell className={classes.whole}>
          <State state={event.result} />
        </TableCell>
      </TableRow>
      {open && (
        <TableRow>
          <TableCell colSpan={6} className={classes.details}>
            <Facts
              of={{
                Number: event.sequence,
                Reason: event.reason,
                Request: event.requestId,
                Task: event.taskId,
                Commit: event.commit,
                Session: event.sessionId,
                Before: event.before && (
                  <pre className={classes.json}>{text(event.before)}</pre>
                ),
                After: event.after && (
                  <pre className={classes.json}>{text(event.after)}</pre>
                ),
                Hash: <span className={classes.hash}>{event.hash}</span>,
                'Previous hash': (
                  <span className={classes.hash}>{event.previousHash}</span>
                ),
              }}
            />
          </TableCell>
        </TableRow>
      )}
    </>
  );
};

function text(value: unknown) {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
