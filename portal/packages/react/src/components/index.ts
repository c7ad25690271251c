export { Countdown } from './Countdown';
export { ErrorNote } from './ErrorNote';
export { Facts } from './Facts';
export { PageBody } from './PageBody';
export { Row, Rows } from './Rows';
export { Section } from './Section';
export { State } from './State';
export { TimeAgo } from './TimeAgo';
