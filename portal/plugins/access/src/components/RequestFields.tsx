import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { AccessOption } from '../api';
import { approversText, durationChoices, durationText } from '../format';

/** What has been filled in so far; what is absent is as the policy has it. */
export type RequestDraft = {
  target?: string;
  accessType?: string;
  duration?: string;
  justification: string;
  startAt?: string;
  urgent?: boolean;
};

/** The option that a draft means: what was chosen as far as it is offered, else the first. */
export function choose(options: AccessOption[], draft: RequestDraft) {
  const target = options.some(o => o.target === draft.target)
    ? draft.target
    : options[0]?.target;
  const ofTarget = options.filter(o => o.target === target);
  return (
    ofTarget.find(o => o.accessType === draft.accessType) ??
    (ofTarget[0] as AccessOption | undefined)
  );
}

export const RequestFields = (props: {
  options: AccessOption[];
  chosen: AccessOption;
  draft: RequestDraft;
  onChange: (draft: RequestDraft) => void;
}) => {
  const { options, chosen, draft, onChange } = props;
  const targets = [...new Set(options.map(option => option.target))];
  const types = options
    .filter(option => option.target === chosen.target)
    .map(option => option.accessType);
  const durations = durationChoices(
    chosen.defaultDuration,
    chosen.maximumDuration,
  );
  const duration = durations.find(choice => choice === draft.duration);
  const select = (
    name: 'target' | 'accessType' | 'duration',
    label: string,
    value: string,
    choices: Array<[string, string]>,
  ) => (
    <TextField
      id={`access-${name}`}
      label={label}
      select
      variant="outlined"
      SelectProps={{ native: true }}
      value={value}
      onChange={event => onChange({ ...draft, [name]: event.target.value })}
    >
      {choices.map(([choice, text]) => (
        <option key={choice} value={choice}>
          {text}
        </option>
      ))}
    </TextField>
  );
  return (
    <>
      {targets.length > 1 &&
        select(
          'target',
          'Target',
          chosen.target,
          targets.map(target => [target, target]),
        )}
      {select(
        'accessType',
        'Access type',
        chosen.accessType,
        types.map(type => [type, type]),
      )}
      {select(
        'duration',
        'Duration',
        duration ??
          durations.find(
            choice =>
              durationText(choice) === durationText(chosen.defaultDuration),
          ) ??
          durations[0],
        durations.map(choice => [choice, durationText(choice)]),
      )}
      <TextField
        id="access-justification"
        label="Justification"
        helperText="Approvers and the audit trail keep it"
        required
        multiline
        minRows={2}
        variant="outlined"
        inputProps={{ maxLength: 1000 }}
        value={draft.justification}
        onChange={event =>
          onChange({ ...draft, justification: event.target.value })
        }
      />
      <TextField
        id="access-startAt"
        label="Starts at"
        helperText="Empty: as soon as it is approved"
        type="datetime-local"
        variant="outlined"
        InputLabelProps={{ shrink: true }}
        value={draft.startAt ?? ''}
        onChange={event => onChange({ ...draft, startAt: event.target.value })}
      />
      <FormControlLabel
        label="Urgent"
        control={
          <Checkbox
            color="primary"
            checked={draft.urgent ?? false}
            onChange={event =>
              onChange({ ...draft, urgent: event.target.checked })
            }
          />
        }
      />
      <Typography>
        {chosen.approvers.length > 0
          ? `Needs the approval of ${approversText(chosen.approvers)}.`
          : 'Nobody needs to approve it.'}
      </Typography>
    </>
  );
};
