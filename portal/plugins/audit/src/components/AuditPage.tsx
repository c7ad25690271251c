import { useApi } from '@backstage/frontend-plugin-api';
import {
  ErrorNote,
  PageBody,
  useAction,
  useLivePages,
} from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import LinearProgress from '@material-ui/core/LinearProgress';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import { useCallback, useState } from 'react';
import { AuditFilter, auditApiRef } from '../api';
import { AuditFilterForm } from './AuditFilterForm';
import { AuditRow } from './AuditRow';
import { Verification } from './Verification';

const useStyles = makeStyles(theme => ({
  details: { whiteSpace: 'nowrap' },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(2),
  },
}));

export const AuditPage = () => {
  const classes = useStyles();
  const api = useApi(auditApiRef);
  const [filter, setFilter] = useState<AuditFilter>({});
  const { live, items, loadMore } = useLivePages(
    cursor => api.list(filter, cursor),
    [api, filter],
  );
  const download = useAction(
    useCallback(async () => save(await api.export(filter)), [api, filter]),
  );

  return (
    <PageBody>
      <AuditFilterForm onSearch={setFilter} />
      <div className={classes.actions}>
        <Button variant="outlined" size="small" onClick={live.refresh}>
          Refresh
        </Button>
        <Button
          variant="outlined"
          size="small"
          disabled={download.busy}
          onClick={() => download.run()}
        >
          Export as JSON lines
        </Button>
        <Verification />
      </div>
      <ErrorNote error={live.error} onRetry={live.refresh} />
      {live.loading && !live.value && <LinearProgress aria-label="Loading" />}
      {live.value && items.length === 0 && (
        <Typography>No event matches.</Typography>
      )}
      {items.length > 0 && (
        <TableContainer
          component={Paper}
          tabIndex={0}
          role="region"
          aria-label="Audit events"
        >
          <Table size="small">
            <TableHead>
              <TableRow>
                <TableCell className={classes.details}>Details</TableCell>
                <TableCell>Time</TableCell>
                <TableCell>Actor</TableCell>
                <TableCell>Action</TableCell>
                <TableCell>Resource</TableCell>
                <TableCell>Result</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {items.map(event => (
                <AuditRow key={event.sequence} event={event} />
              ))}
            </TableBody>
          </Table>
        </TableContainer>
      )}
      {loadMore && <Button onClick={loadMore}>Older events</Button>}
    </PageBody>
  );
};

function save(file: Blob) {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = 'audit.jsonl';
  link.click();
  URL.revokeObjectURL(url);
}
