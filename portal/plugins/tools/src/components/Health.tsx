import { State } from '@devplatform/portal-react';
import { ToolHealth } from '../api';

/** A tool's health; why it is not well is in the tooltip. */
export const Health = (props: { of: ToolHealth }) => {
  const { state, message, latencyMs } = props.of;
  const latency = latencyMs === undefined ? '' : `${Math.round(latencyMs)} ms`;
  return (
    <span title={message ?? latency}>
      <State state={state} />
    </span>
  );
};
