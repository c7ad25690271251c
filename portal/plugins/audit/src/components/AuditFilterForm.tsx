import Button from '@material-ui/core/Button';
import MenuItem from '@material-ui/core/MenuItem';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import TextField from '@material-ui/core/TextField';
import { FormEvent, useState } from 'react';
import { AuditFilter } from '../api';

const useStyles = makeStyles(theme => ({
  form: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(min(200px, 100%), 1fr))',
    gap: theme.spacing(1.5),
    alignItems: 'center',
    marginBottom: theme.spacing(2),
    padding: theme.spacing(2),
  },
}));

const TEXTS: Array<[keyof AuditFilter, string, string]> = [
  ['actor', 'Actor', 'user:default/developer'],
  ['action', 'Action', 'access.request.create'],
  ['resource', 'Resource', 'resource:default/orders-db'],
  ['taskId', 'Task', ''],
];

const TIMES: Array<['from' | 'to', string]> = [
  ['from', 'From'],
  ['to', 'Until'],
];

/** Texts as typed; the filter is made of them when searched. */
export const AuditFilterForm = (props: {
  onSearch: (filter: AuditFilter) => void;
}) => {
  const classes = useStyles();
  const [draft, setDraft] = useState<AuditFilter>({});
  const change = (name: keyof AuditFilter, value: string) =>
    setDraft(before => ({ ...before, [name]: value }));

  const search = (event: FormEvent) => {
    event.preventDefault();
    const filter: AuditFilter = {};
    for (const [name, text] of Object.entries(draft)) {
      if (text.trim()) {
        filter[name as keyof AuditFilter] =
          name === 'from' || name === 'to'
            ? new Date(text).toISOString()
            : text.trim();
      }
    }
    props.onSearch(filter);
  };

  return (
    <Paper
      component="form"
      className={classes.form}
      role="search"
      aria-label="Audit events"
      onSubmit={search}
    >
      {TEXTS.map(([name, label, example]) => (
        <TextField
          key={name}
          id={`audit-${name}`}
          label={label}
          placeholder={example}
          size="small"
          variant="outlined"
          value={draft[name] ?? ''}
          onChange={event => change(name, event.target.value)}
        />
      ))}
      <TextField
        id="audit-result"
        label="Result"
        select
        size="small"
        variant="outlined"
        value={draft.result ?? ''}
        onChange={event => change('result', event.target.value)}
        SelectProps={{
          SelectDisplayProps: { 'aria-label': 'Result' } as object,
        }}
      >
        <MenuItem value="">Any</MenuItem>
        {['success', 'denied', 'failure'].map(result => (
          <MenuItem key={result} value={result}>
            {result}
          </MenuItem>
        ))}
      </TextField>
      {TIMES.map(([name, label]) => (
        <TextField
          key={name}
          id={`audit-${name}`}
          label={label}
          type="datetime-local"
          size="small"
          variant="outlined"
          InputLabelProps={{ shrink: true }}
          value={draft[name] ?? ''}
          onChange={event => change(name, event.target.value)}
        />
      ))}
      <Button type="submit" variant="contained" color="primary">
        Search
      </Button>
    </Paper>
  );
};
